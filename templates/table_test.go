package templates

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

func tabled(t *testing.T, s *Set, tables ...Table) View {
	v := story(t, s, KindList)
	v.Links, v.Tables = nil, tables
	return v
}

func TestTextTable(t *testing.T) {
	s := builtinSet(t)
	narrow := Table{Title: "Octubre", Head: []string{"Número", "Estado", "Vence"}, Rows: [][]string{{"I1", "En curso", "mañana"}, {"I1000", "", "hoy"}, {"I3"}}, Note: "Tres."}
	for name, c := range map[string]struct {
		table Table
		want  string
	}{
		"columns": {narrow, "\nOctubre\n\nNúmero  Estado    Vence\nI1      En curso  mañana\nI1000             hoy\nI3\n\nTres.\n"},
		"stacked": {Table{Head: []string{"Número", "Asunto"}, Rows: [][]string{{"I1", strings.Repeat("palabra ", 10)}, {"I2", "no"}}},
			"\nNúmero: I1\nAsunto: palabra palabra palabra palabra palabra palabra palabra palabra\n    palabra palabra\n\nNúmero: I2\nAsunto: no\n"},
		"no rows":     {Table{Head: []string{"Número", "Estado"}}, "\nNúmero  Estado\n"},
		"a link":      {Table{Head: []string{"A"}, Rows: [][]string{{"<mailto:x@evil.example>"}}}, "\nA\n <mailto:x@evil.example>\n"},
		"many cells":  {Table{Head: []string{"A"}, Rows: [][]string{{"uno", "dos"}}}, "\nA\nuno\n"},
		"many lines":  {Table{Head: []string{"A"}, Rows: [][]string{{"uno\ndos\u202e"}}}, "\nA\nuno dos\n"},
		"two of them": {Table{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if text := render(t, s, tabled(t, s, c.table)).Text; !strings.Contains(text, c.want) {
				t.Errorf("want\n%s\nin\n%s", c.want, text)
			}
		})
	}
}

// TestTablesKeepEverything checks on any words that each cell stands in both
// parts, that the text survives a width of 72, and that the HTML has one row
// for each.
func TestTablesKeepEverything(t *testing.T) {
	s := builtinSet(t)
	word := rapid.StringMatching(`[a-zñ0-9<>&"%-]{1,12}( [a-z]{1,12}){0,4}`)
	rapid.Check(t, func(rt *rapid.T) {
		head := rapid.SliceOfN(word, 1, 6).Draw(rt, "head")
		rows := rapid.SliceOfN(rapid.SliceOfN(word, len(head), len(head)), 1, 8).Draw(rt, "rows")
		r := render(t, s, tabled(t, s, Table{Head: head, Rows: rows}))
		for line := range strings.Lines(r.Text) {
			if utf8.RuneCountInString(line) > width+1 {
				rt.Fatalf("wide: %q", line)
			}
		}
		page := parsePage(rt, r.HTML)
		if got := len(page.elements("tr")); got < len(rows) {
			rt.Fatalf("%d rows", got)
		}
		text, seen := oneLine(r.Text), oneLine(page.visible())
		for _, row := range append(rows, head) {
			for _, cell := range row {
				if !strings.Contains(text, cell) || !strings.Contains(seen, cell) {
					rt.Fatalf("%q is lost:\n%s\n%s", cell, r.Text, seen)
				}
			}
		}
	})
}

// TestLongTable checks that a long table is cut in both parts alike, and says
// so.
func TestLongTable(t *testing.T) {
	s := builtinSet(t)
	table := Table{Head: []string{"Número", "Asunto", "Departamento"}}
	for i := range 5000 {
		table.Rows = append(table.Rows, []string{fmt.Sprintf("I%06d", i), strings.Repeat("asunto largo ", 12), "Sistemas"})
	}
	r := render(t, s, tabled(t, s, table))
	if len(r.HTML) > maxHTML {
		t.Errorf("%d octets", len(r.HTML))
	}
	inText, inHTML := strings.Count(r.Text, "Número: I"), strings.Count(r.HTML, "<tr class=\"line\">")
	if inText != inHTML || inText < minRows || !strings.Contains(r.Text, "\n"+s.word("more")+"\n") || !strings.Contains(r.HTML, s.word("more")) {
		t.Errorf("%d rows and %d", inText, inHTML)
	}
}

func TestChart(t *testing.T) {
	s := builtinSet(t)
	v := story(t, s, KindAttainment)
	for cid, want := range map[string]string{
		"01ABC.chart@gob.example":          "cid:01ABC.chart@gob.example",
		`x" onerror="alert(1)`:             "cid:x%22%20onerror%3D%22alert%281%29",
		"javascript:alert(1)//<b>@x\r\ny?": "cid:javascript%3Aalert%281%29%2F%2F%3Cb%3E@x%0D%0Ay%3F",
	} {
		v.Chart = Chart{CID: cid, Alt: `"Octubre" <b>`, Width: 560}
		images := parsePage(t, render(t, s, v).HTML).elements("img")
		if len(images) != 1 || attr(images[0], "src") != want || attr(images[0], "alt") != `"Octubre" <b>` || attr(images[0], "width") != "560" || len(images[0].Attr) != 4 {
			t.Errorf("%s: %v", cid, images[0].Attr)
		}
	}
	v.Chart = Chart{}
	if images := parsePage(t, render(t, s, v).HTML).elements("img"); len(images) != 0 {
		t.Errorf("none was given: %v", images)
	}
}

// TestTableCells checks that every cell is under a head, and that what phones
// show instead of the head is hidden elsewhere.
func TestTableCells(t *testing.T) {
	s := builtinSet(t)
	page := parsePage(t, render(t, s, story(t, s, KindMonitor)).HTML)
	labels := 0
	for _, span := range page.elements("span") {
		if attr(span, "class") == "lab" {
			labels++
			if !strings.Contains(attr(span, "style"), "display:none") || span.FirstChild == nil || span.FirstChild.Type != html.TextNode {
				t.Errorf("a label of a phone's: %v", span.Attr)
			}
		}
	}
	if labels != 15 {
		t.Errorf("%d labels", labels)
	}
}
