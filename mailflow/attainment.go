package mailflow

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/chart"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// findAttainment says how the clocks were kept over a period: a table, the
// same as a picture, and for programs as CSV (RFC 4180).
func (f *dossier) findAttainment(tx store.Tx) (findings, error) {
	from, until := f.period()
	var runs []ticket.Run
	p := f.policy()
	err := f.each(tx, func(t ticket.Ticket, events []ticket.Event) bool {
		if f.oversees(t) {
			runs = append(runs, p.Runs(events)...)
		}
		return true
	})
	if err != nil {
		return findings{}, err
	}
	lines := p.Attain(runs, f.desk.Priorities, from, until, f.notice.Created)
	out := findings{tables: []templates.Table{f.attained(lines, from, until)}, links: f.again()}
	if err := f.draw(&out, lines); err != nil {
		return out, err
	}
	return out, f.attachCSV(&out)
}

// again is the link that asks the same of another period, for whoever may.
func (f *dossier) again() []templates.Link {
	q := Query(f.notice.Kind)
	if !f.desk.mayAsk(f.policy(), q, f.notice.To) {
		return nil
	}
	return []templates.Link{f.desk.queryLink(q, "")}
}

// period is what the query's blanks ask for, whole local days; without them
// the month that is under way, or on its first day the one before.
func (f *dossier) period() (from, until time.Time) {
	today, _ := f.day("")
	from, until = today.AddDate(0, 0, 1-today.Day()), today.AddDate(0, 0, 1)
	if today.Day() == 1 {
		from, until = today.AddDate(0, -1, 0), today
	}
	if day, given := f.day("from"); given {
		from = day
	}
	if day, given := f.day("until"); given {
		until = day.AddDate(0, 0, 1)
	}
	return from, until
}

func (f *dossier) attained(lines []ticket.Attainment, from, until time.Time) templates.Table {
	table := templates.Table{
		Title: from.Format("02/01/2006") + " – " + until.AddDate(0, 0, -1).Format("02/01/2006"),
		Head:  f.desk.columns("clock", "priority", "met", "missed", "running", "percent", "median", "worst"),
	}
	for _, line := range lines {
		share := ""
		if percent, some := line.Percent(); some {
			share = fmt.Sprintf("%.0f %%", percent)
		}
		table.Rows = append(table.Rows, []string{f.desk.clockLabel(line.Clock), line.Priority, fmt.Sprint(line.Met), fmt.Sprint(line.Missed),
			fmt.Sprint(line.Running), share, span(line.Median), span(line.Worst)})
	}
	return table
}

// clockLabel is the name of a clock: the desk's own or the locale's.
func (d *Desk) clockLabel(name string) string {
	if label := d.ClockLabels[name]; label != "" {
		return label
	}
	return d.Words.Clock(name)
}

// span is a length of time as "26:05", hours and minutes.
func span(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
}

// draw adds the picture of what was met and missed, if there is any.
func (f *dossier) draw(out *findings, lines []ticket.Attainment) error {
	bars := chart.Bars{Series: f.desk.columns("met", "missed")}
	for _, line := range lines {
		if line.Met+line.Missed > 0 {
			label := strings.Trim(f.desk.clockLabel(line.Clock)+", "+line.Priority, ", ")
			bars.Bars = append(bars.Bars, chart.Bar{Label: label, Values: []float64{float64(line.Met), float64(line.Missed)}})
		}
	}
	if len(bars.Bars) == 0 {
		return nil
	}
	picture, err := bars.PNG()
	if err != nil {
		return err
	}
	id := f.notice.ID + ".chart@" + f.desk.Correspondence.Domain()
	out.chart = templates.Chart{CID: id, Alt: out.tables[0].Title, Width: 600}
	out.files = append(out.files, compose.Attachment{Filename: "chart.png", ContentType: "image/png", ContentID: id, Inline: true, Data: picture})
	return nil
}

// attachCSV adds the tables as a file.
func (f *dossier) attachCSV(out *findings) error {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	for _, table := range out.tables {
		for _, row := range append([][]string{table.Head}, table.Rows...) {
			if err := w.Write(harmless(row)); err != nil {
				return err
			}
		}
	}
	w.Flush()
	name := f.desk.queryName(Query(f.notice.Kind)) + f.notice.Created.In(f.desk.Policy.Zone).Format(" 2006-01-02") + ".csv"
	out.files = append(out.files, compose.Attachment{Filename: name, ContentType: "text/csv; charset=utf-8", Data: text.Bytes()})
	return w.Error()
}

// harmless keeps a spreadsheet from taking a cell for a formula.
func harmless(row []string) []string {
	safe := slices.Clone(row)
	for i, cell := range safe {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			safe[i] = "'" + cell
		}
	}
	return safe
}
