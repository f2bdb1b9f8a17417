package parser

import "strings"

// unflow joins the lines of format=flowed text (RFC 3676 section 4.2): a line
// that ends in a space goes on in the next one of the same quote depth, except
// the signature separator. With delSp the space itself goes too.
func unflow(text string, delSp bool) string {
	var out strings.Builder
	out.Grow(len(text))
	depth, flowing := 0, false
	for i, line := range strings.Split(text, "\n") {
		level := 0
		for level < len(line) && line[level] == '>' {
			level++
		}
		content := strings.TrimPrefix(line[level:], " ") // space-stuffing, section 4.4
		signature := content == "-- "
		if i > 0 && (!flowing || level != depth || signature) {
			out.WriteByte('\n')
			flowing = false
		}
		if !flowing && level > 0 {
			out.WriteString(strings.Repeat(">", level))
			if content != "" {
				out.WriteByte(' ')
			}
		}
		flowing = strings.HasSuffix(content, " ") && !signature
		if flowing && delSp {
			content = content[:len(content)-1]
		}
		out.WriteString(content)
		depth = level
	}
	return out.String()
}
