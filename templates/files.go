package templates

import "fmt"

// files adds what of its files a mail was refused for.
func (d values) files(a *Answer) values {
	d.MaxFiles, d.MaxSize = a.MaxFiles, volume(a.MaxBytes)
	d.SentFiles, d.SentSize = a.SentFiles, about(a.SentBytes)
	d.TooMany = a.MaxFiles > 0 && a.SentFiles > a.MaxFiles
	d.TooLarge = a.MaxBytes > 0 && a.SentBytes > a.MaxBytes
	return d
}

const (
	kilo = 1 << 10
	mega = 1 << 20
)

// volume is a number of bytes in the units of the configuration, "80 KiB" or
// "10 MiB"; "" for none. Part of a unit counts as a whole one.
func volume(bytes int64) string {
	switch {
	case bytes <= 0:
		return ""
	case bytes%mega == 0:
		return fmt.Sprintf("%d MiB", bytes/mega)
	}
	return fmt.Sprintf("%d KiB", (bytes+kilo-1)/kilo)
}

// about is volume without more digits than anybody needs. It is rounded up, so
// that what is over a bound never reads as the bound itself.
func about(bytes int64) string {
	if bytes > 10*mega {
		bytes = (bytes + mega - 1) / mega * mega
	}
	return volume(bytes)
}
