package calendar

// Holidays are worked out once for these years, and known in no others.
const (
	firstYear = 1970
	lastYear  = 2199
)

// table has one bit for each day that a rule closes, by year and month.
type table [lastYear - firstYear + 1][13]uint32

// close marks every day the rule closes. The years on either side count too:
// a first of January may be kept on the day before.
func (t *table) close(rule Rule) {
	for year := firstYear - 1; year <= lastYear+1; year++ {
		for _, date := range rule.In(year) {
			if date.Year >= firstYear && date.Year <= lastYear {
				t[date.Year-firstYear][date.Month] |= 1 << date.Day
			}
		}
	}
}

func (t *table) closed(date Date) bool {
	if date.Year < firstYear || date.Year > lastYear {
		return false
	}
	return t[date.Year-firstYear][date.Month]&(1<<date.Day) != 0
}
