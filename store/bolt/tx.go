package bolt

import (
	"fmt"

	"github.com/cauce-desk/cauce/store"
)

// tx is a store.Tx. Its methods are in the files of what they are about.
type tx struct {
	keys
	mails *mailFiles
}

var _ store.Tx = (*tx)(nil)

// about adds to an error, if there is one, what it is about.
func about(err error, what string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(what, args...), err)
}
