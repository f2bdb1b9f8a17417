// Package templates holds every word the daemon says and puts notices into
// mails: a subject, a text part and an HTML part.
//
// The words of a language are a catalogue: the YAML files of its folder ("es"
// is built in; another language is another folder). For each kind of notice
// the catalogue has a subject, a title and a list of blocks, whose strings are
// text/template lines over plain values. Rendering goes one way:
//
//	View → plain values → page of blocks → layout.txt and layout.html
//
// Both layouts present the same page, so what stands in one part stands in the
// other, and what people wrote is only ever data: no catalogue line or layout
// is made from it, and the HTML layout escapes it.
//
// An administrator's folder may hold YAML files with any part of a catalogue,
// and a layout.html or layout.txt; they go over the built-in ones. Whatever is
// wrong with them is found by Load, which renders every kind of notice with
// sample values and refuses the folder with file and line. After that, Render
// only fails on a kind of notice that does not exist, or on a condition in the
// administrator's own templates which the samples did not reach.
package templates
