package config

import (
	"fmt"
	"regexp"
	"strconv"
)

// Size is a number of bytes, written with a binary unit: "64 KiB", "25 MiB".
type Size int64

// The units of size.
const (
	KiB Size = 1 << 10
	MiB Size = 1 << 20
	GiB Size = 1 << 30
)

var (
	sizeShape = regexp.MustCompile(`^(\d{1,9}) ?(B|KiB|MiB|GiB)$`)
	sizeUnits = map[string]Size{"B": 1, "KiB": KiB, "MiB": MiB, "GiB": GiB}
)

// UnmarshalText reads a size. A number without a unit is refused.
func (s *Size) UnmarshalText(text []byte) error {
	if bareNumber.Match(text) {
		return fmt.Errorf(`%s has no unit: write "%[1]s B", "%[1]s KiB", "%[1]s MiB" or "%[1]s GiB"`, text)
	}
	m := sizeShape.FindSubmatch(text)
	if m == nil {
		return fmt.Errorf(`%q is not a size: write a whole number and B, KiB, MiB or GiB, such as "25 MiB"`, text)
	}
	n, _ := strconv.ParseInt(string(m[1]), 10, 64) // at most nine digits
	*s = Size(n) * sizeUnits[string(m[2])]
	return nil
}

// String writes the size in the largest unit that keeps it whole.
func (s Size) String() string {
	for _, unit := range []string{"GiB", "MiB", "KiB"} {
		if n := sizeUnits[unit]; s >= n && s%n == 0 {
			return fmt.Sprintf("%d %s", s/n, unit)
		}
	}
	return fmt.Sprintf("%d B", s)
}
