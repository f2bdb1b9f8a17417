package templates

import htmltemplate "html/template"

// htmlFuncs are what layout.html can do beyond what templates do anyway.
// Comments are taken out of a template, and those by which Outlook tells what
// is meant for it would go with them; so they come in by these functions,
// which know no other.
var htmlFuncs = htmltemplate.FuncMap{
	"mso":       func() htmltemplate.HTML { return "<!--[if mso]>" },
	"endmso":    func() htmltemplate.HTML { return "<![endif]-->" },
	"notmso":    func() htmltemplate.HTML { return "<!--[if !mso]><!-->" },
	"endnotmso": func() htmltemplate.HTML { return "<!--<![endif]-->" },
}
