package templates

import (
	"fmt"
	"regexp"
	"time"
)

// Stamp writes a time as the mails show it, with the offset from UTC that
// holds in the zone at that time: "09/10/2017 10:23:58 (UTC + 2)", also
// "(UTC + 5:30)", "(UTC - 6)" and "(UTC + 0)". A nil zone is UTC.
func Stamp(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	local := t.In(zone)
	_, offset := local.Zone()
	sign, minutes := "+", offset/60
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	hours := fmt.Sprint(minutes / 60)
	if minutes%60 != 0 {
		hours += fmt.Sprintf(":%02d", minutes%60)
	}
	return local.Format("02/01/2006 15:04:05") + " (UTC " + sign + " " + hours + ")"
}

// stampPattern finds what Stamp writes, for no line may break inside it.
var stampPattern = regexp.MustCompile(`\d\d/\d\d/\d{4} \d\d:\d\d:\d\d \(UTC [+-] \d{1,2}(?::\d\d)?\)`)
