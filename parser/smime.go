package parser

import (
	"bytes"
	"strings"
)

// maxSealed is how many S/MIME containers may lie in each other: signed,
// encrypted, signed again is what RFC 2634 section 1.1 calls triple wrapped.
const maxSealed = 4

// smime says whether a part is an S/MIME container (RFC 8551 section 3.2), or
// one whose type was lost and whose name was not (section 3.2.1).
func (n *node) smime() bool {
	switch n.media.kind {
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return true
	case "application/octet-stream":
		return strings.EqualFold(n.originalName(), "smime.p7m")
	}
	return false
}

// detachedSignature says whether a part is the signature of its siblings
// (RFC 8551 section 3.5.3). It is in Parts for those who check it, and no
// attachment: no person put it there.
func (n *node) detachedSignature() bool {
	if n.media.kind != "application/pkcs7-signature" && n.media.kind != "application/x-pkcs7-signature" {
		return false
	}
	return n.parent != nil && n.parent.media.kind == "multipart/signed" && n.parent.children[0] != n
}

// unseal reads the mail within an opaque signature as a child of the part. The
// signature is not checked here; the offsets of the part lead to it. What is
// encrypted stays an attachment, as do signed files that are no mail, lists of
// certificates, and what cannot be read.
func (w *walker) unseal(n *node, depth int) {
	if depth >= maxDepth || w.sealed >= maxSealed {
		w.defects.add("too_deep")
		return
	}
	n.data = decodeTransfer(n.raw(), n.encoding, w.defects)
	kind, content := readCMS(n.data)
	switch {
	case kind == cmsSealed:
		w.defects.add("encrypted")
	case kind == cmsUnknown && strings.HasPrefix(n.media.params["smime-type"], "signed"):
		w.defects.add("smime_malformed")
	case kind == cmsSigned && entityAt(content):
		w.sealedIn(n, content, depth)
	}
}

func (w *walker) sealedIn(n *node, content []byte, depth int) {
	if *w.parts >= maxParts {
		w.defects.add("too_many_parts")
		return
	}
	inner := &walker{src: content, cur: newCursor(content), parts: w.parts, decoded: true, sealed: w.sealed + 1, defects: w.defects}
	child, _ := inner.entity(join(n.path, 1), depth+1, "text/plain")
	child.parent = n
	n.children = []*node{child}
}

// entityAt says whether bytes begin as a MIME part does: with a field that has
// a business there. A signed document, which may come under the same type, does not.
func entityAt(content []byte) bool {
	cur := newCursor(content)
	line, _ := cur.next()
	colon := fieldColon(line)
	if colon < 0 {
		return false
	}
	name := strings.ToLower(string(bytes.TrimSpace(line[:colon])))
	return strings.HasPrefix(name, "content-") || name == "mime-version" || essential[name]
}
