// Package templates holds every word the daemon says and puts notices into
// mails: a subject, a text part and an HTML part.
//
// The words of a language are a catalogue: the YAML files of its folder ("es"
// and "en" are built in; another language is another folder). For each kind of
// notice the catalogue has a subject, a title and a list of blocks, whose
// strings are text/template lines over plain values. A notice of an action that
// only one desk has, or to an audience nobody thought of, finds more general
// words (View.chain). Rendering goes one way:
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
// sample values and refuses the folder with file and line. What the samples do
// not reach, such as a condition in the administrator's own words, can still
// fail when a mail is written. It loses nothing: Render then takes the built-in
// words and says so in Rendered.Fault. It fails only on a kind of notice that
// does not exist.
package templates
