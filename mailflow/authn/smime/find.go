package smime

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/parser"
)

// maxDetached is how many bytes a detached signature may have: it holds
// certificates, and no text.
const maxDetached = 1 << 20

// layer is a signature around a mail, before anything of it was checked.
type layer struct {
	container []byte // CMS, in BER
	// texts are what may have been signed: the part as it came, and the same
	// with the line ends it should have. nil if the text is in the container.
	texts [][]byte
}

// find finds the outermost layer of a mail, if that is a signature. It goes by
// the parts as the parser saw them, so that what is checked is what is shown.
func find(raw []byte, m *parser.Message) (*layer, error) {
	root := m.Parts[0]
	switch {
	case root.ContentType == "multipart/signed":
		return findDetached(raw, m.Parts)
	case opaque(root) && len(m.Parts) == 1 && slices.Contains(m.Defects, "encrypted"):
		return nil, Encrypted
	case opaque(root):
		container, err := decode(raw[root.Body:root.End], m)
		return &layer{container: container}, err
	}
	for _, p := range m.Parts[1:] {
		if signature(p) || opaque(p) {
			return nil, Inner
		}
	}
	return nil, nil
}

// signature says whether a part is a detached signature (RFC 8551 section
// 3.5.3), of whose type older programs write an x-.
func signature(p parser.Part) bool {
	return p.ContentType == "application/pkcs7-signature" || p.ContentType == "application/x-pkcs7-signature"
}

// opaque says whether a part is a container (RFC 8551 section 3.2), or one
// whose type was lost and whose name was not.
func opaque(p parser.Part) bool {
	switch p.ContentType {
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return true
	case "application/octet-stream":
		return strings.EqualFold(p.Filename, "smime.p7m")
	}
	return false
}

// findDetached takes the signed part and its signature. There must be these two
// parts and no other (RFC 1847 section 2.1): a third one would be shown, and is
// signed by nobody. A multipart/signed of another kind, such as OpenPGP's, is
// no business of ours.
func findDetached(raw []byte, parts []parser.Part) (*layer, error) {
	var children []parser.Part
	ours := false
	for _, p := range parts[1:] {
		if !strings.Contains(p.Path, ".") {
			children = append(children, p)
			ours = ours || signature(p)
		}
	}
	if !ours {
		return nil, nil
	}
	if len(children) != 2 || signature(children[0]) || children[1].Start < 0 {
		return nil, BadStructure
	}
	signed, by := children[0], children[1]
	container, err := decode(raw[by.Body:by.End], parser.Parse(raw[by.Start:by.Body]))
	if err == nil && len(container) > maxDetached {
		err = fmt.Errorf("signature of %d bytes: %w", len(container), TooLarge)
	}
	return &layer{container: container, texts: variants(raw[signed.Start:signed.End])}, err
}

// variants are the part as it came and, if that is something else, with CRLF
// line ends, over which signatures are made (RFC 8551 section 3.1.1): some
// servers hand on LF.
func variants(part []byte) [][]byte {
	lines := bytes.Count(part, []byte("\n"))
	if lines == bytes.Count(part, []byte("\r\n")) {
		return [][]byte{part}
	}
	canonical := make([]byte, 0, len(part)+lines)
	for i, b := range part {
		if b == '\n' && (i == 0 || part[i-1] != '\r') {
			canonical = append(canonical, '\r')
		}
		canonical = append(canonical, b)
	}
	return [][]byte{part, canonical}
}

// decode undoes the encoding of a container. Base64 must be clean: of what is
// not, the parser makes the best, and that might be something else than here.
func decode(body []byte, header *parser.Message) ([]byte, error) {
	encoding := ""
	if fields := header.Header("Content-Transfer-Encoding"); len(fields) > 0 {
		encoding = strings.ToLower(strings.TrimSpace(fields[0]))
	}
	if encoding != "base64" {
		return nil, fmt.Errorf("container in encoding %q: %w", encoding, BadStructure)
	}
	digits := bytes.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, body)
	out := make([]byte, base64.StdEncoding.DecodedLen(len(digits)))
	n, err := base64.StdEncoding.Decode(out, digits)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", Malformed, err)
	}
	return out[:n], nil
}

// signedTexts are what the signatures are to be checked over. A signature is
// detached or it is not: a container that holds a text of its own beside the
// part would have two.
func (l *layer) signedTexts(c *container) ([][]byte, error) {
	texts := l.texts
	switch {
	case texts == nil && c.content != nil:
		texts = [][]byte{c.content}
	case texts == nil || c.content != nil:
		return nil, BadStructure
	}
	if !mail(texts[0]) {
		return nil, NotMail
	}
	return texts, nil
}
