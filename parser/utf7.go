package parser

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// decodeUTF7 reads UTF-7 (RFC 2152). It is read only: nobody should write it.
// A run that is not base64 stays as it is.
func decodeUTF7(data []byte) string {
	var b strings.Builder
	for i := 0; i < len(data); i++ {
		if data[i] != '+' {
			b.WriteByte(data[i])
			continue
		}
		end := i + 1
		for end < len(data) && base64Digit(data[end]) && data[end] != '-' && data[end] != '_' {
			end++
		}
		if end == i+1 {
			b.WriteByte('+')
			if end < len(data) && data[end] == '-' {
				i++ // "+-" is a plus
			}
			continue
		}
		b.WriteString(utf7Run(data[i+1 : end]))
		if end < len(data) && data[end] == '-' {
			end++
		}
		i = end - 1
	}
	return b.String()
}

func utf7Run(run []byte) string {
	raw := make([]byte, base64.RawStdEncoding.DecodedLen(len(run)))
	n, err := base64.RawStdEncoding.Decode(raw, run)
	if err != nil {
		return "+" + string(run)
	}
	units := make([]uint16, 0, n/2)
	for i := 0; i+1 < n; i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}
