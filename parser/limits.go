package parser

// Bounds on what a stranger can make us do. What lies beyond one is left out
// of the Message and named in Defects; the raw mail is the caller's to keep.
const (
	maxDepth       = 20        // nested multiparts and attached messages
	maxParts       = 300       // parts of one mail, containers included
	maxHeader      = 128 << 10 // bytes of the top header
	maxPartHeader  = 32 << 10  // bytes of one part's header
	maxFields      = 1000      // fields of one header
	maxField       = 16 << 10  // bytes of one field
	maxFolds       = 500       // lines of one field
	maxAddresses   = 1000      // addresses of one field
	maxIDs         = 500       // message identifiers of one field
	maxText        = 1 << 20   // bytes of text shown; the part itself is kept whole as an attachment
	maxHTML        = 2 << 20   // bytes of HTML read
	maxDefects     = 50        // defects listed
	maxPrefixes    = 20        // prefixes and tags taken off a subject
	maxSubject     = 2000      // bytes of a subject looked at
	maxFilename    = 200       // bytes of a safe file name
	maxParams      = 100       // parameters of one header field
	maxRecipients  = 1000      // failed recipients of one bounce
	maxFormText    = 256 << 10 // bytes of text searched for a form
	maxReply       = 256 << 10 // bytes of text searched for quotations and signatures; what follows is kept as the sender's own
	maxHTMLNesting = 1000      // open HTML elements remembered
)
