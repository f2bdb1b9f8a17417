package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/spf13/cobra"
)

// screen is where a command shows its answer. What it shows may be strangers'
// words, which could move the cursor, colour a lie or type for the reader: so
// whatever is not printable is written as its code, in tables as in JSON.
type screen struct {
	out  io.Writer
	json bool
}

func newScreen(cmd *cobra.Command) screen {
	asked, err := cmd.Flags().GetBool("json")
	return screen{out: cmd.OutOrStdout(), json: asked && err == nil}
}

// show prints the value as JSON where that was asked for, and otherwise what
// people prints.
func (s screen) show(value any, people func() error) error {
	if !s.json {
		return people()
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(s.out, escapedJSON(b.String()))
	return err
}

// table prints rows under their titles.
func (s screen) table(titles []string, rows [][]string) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{titles}, rows...) {
		for i, cell := range row {
			row[i] = oneLine(cell)
			if row[i] == "" {
				row[i] = "-"
			}
		}
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

// sheet prints pairs of a label and a value, which may have many lines; those
// without a value are left out. No line of a value begins where labels do.
func (s screen) sheet(pairs [][2]string) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, pair := range pairs {
		label := oneLine(pair[0])
		for _, line := range manyLines(pair[1]) {
			fmt.Fprintf(w, "%s\t%s\n", label, line)
			label = ""
		}
	}
	return w.Flush()
}

// raw prints bytes as they are into a file or a pipe, and as readable lines
// on a terminal.
func (s screen) raw(b []byte) error {
	if isTerminal(s.out) {
		b = []byte(strings.Join(manyLines(string(b)), "\n") + "\n")
	}
	_, err := s.out.Write(b)
	return err
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(interface{ Stat() (os.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// localTime writes a time as RFC 3339 does, with a space, in the zone of the
// reader; "" for no time.
func localTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05-07:00")
}

// oneLine is a text on one line, fit to be shown.
func oneLine(text string) string {
	return strings.Join(strings.Fields(printable(text)), " ")
}

// manyLines is a text by lines, fit to be shown; none for an empty one.
func manyLines(text string) []string {
	text = strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(printable(strings.ReplaceAll(line, "\t", "    ")), " ")
	}
	return lines
}

// printable makes white space a space and writes what is not printable as its
// code: controls (C0 and C1), those that turn the direction of writing, and
// other invisible ones.
func printable(text string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
	}
	return b.String()
}

// escapedJSON writes what is not printable in a JSON text as JSON can (RFC
// 8259 section 7). The encoder does so below U+0020 only.
func escapedJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) || r == '\n' {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// cut shortens a text to as many runes.
func cut(text string, length int) string {
	runes := []rune(text)
	if len(runes) <= length {
		return text
	}
	return string(runes[:length-1]) + "…"
}

// fileSize writes a number of bytes as people say it.
func fileSize(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}
