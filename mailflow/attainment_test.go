package mailflow

import (
	"slices"
	"testing"
)

func TestCellsAreNoFormulas(t *testing.T) {
	got := harmless([]string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "Alta", "", "a=b", "30 %"})
	want := []string{"'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "Alta", "", "a=b", "30 %"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
