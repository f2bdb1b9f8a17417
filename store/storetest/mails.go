package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/cauce-desk/cauce/store"
)

var mails = []test{
	{"mails of every size come back as they went in", sizes},
	{"a blob names its bytes", blobs},
	{"an entry without a mail has none", withoutMail},
	{"the caller may use the bytes again after staging", reused},
	{"the same mail may be staged and recorded many times at once", sameMail},
	{"a large mail that was never staged cannot be recorded", notStaged},
}

// receive stages and records the n-th mail.
func (b *box) receive(n int, raw []byte) {
	b.Helper()
	blob, err := b.Stage(b.Context(), raw)
	if err != nil {
		b.Errorf("stage: %v", err)
		return
	}
	b.update(func(tx store.Tx) error { return tx.Record(entry(n), blob) })
}

func (b *box) mustRead(n int, want []byte) {
	b.Helper()
	b.view(func(tx store.Tx) error {
		raw, err := tx.Raw(id(n))
		if err == nil && !bytes.Equal(raw, want) {
			err = fmt.Errorf("%d bytes came back, not the %d that went in", len(raw), len(want))
		}
		return err
	})
}

func sizes(b *box) {
	list := []int{0, 1, 5000, 1<<16 - 1, 1 << 16, 1<<16 + 1, 3 << 20}
	for n, size := range list {
		b.receive(n, bytesOf(byte(n), size))
		b.mustRead(n, bytesOf(byte(n), size))
	}
	b.reopen()
	for n, size := range list {
		b.mustRead(n, bytesOf(byte(n), size))
	}
}

func blobs(b *box) {
	for _, size := range []int{10, 1 << 20} {
		raw := bytesOf(7, size)
		sum := sha256.Sum256(raw)
		want := store.Blob{Hash: hex.EncodeToString(sum[:]), Size: int64(size)}
		blob, err := b.Stage(b.Context(), raw)
		if err != nil {
			b.Fatalf("stage: %v", err)
		}
		b.same("blob", blob, want)
		b.update(func(tx store.Tx) error { return tx.Record(entry(size), blob) })
		b.view(func(tx store.Tx) error {
			e, err := tx.Entry(id(size))
			b.same("blob of the entry", e.Blob, want)
			return err
		})
	}
}

func withoutMail(b *box) {
	b.update(func(tx store.Tx) error { return tx.Record(entry(1), store.Blob{}) })
	b.view(func(tx store.Tx) error {
		_, err := tx.Raw(id(1))
		b.missing("raw of an entry without mail", err)
		_, err = tx.Raw(id(2))
		b.missing("raw of no entry", err)
		return nil
	})
}

func reused(b *box) {
	for n, size := range []int{100, 1 << 20} {
		raw := bytesOf(3, size)
		blob, err := b.Stage(b.Context(), raw)
		if err != nil {
			b.Fatalf("stage: %v", err)
		}
		clear(raw)
		b.update(func(tx store.Tx) error { return tx.Record(entry(n), blob) })
		b.mustRead(n, bytesOf(3, size))
	}
}

func sameMail(b *box) {
	raw := bytesOf(5, 1<<20)
	together(8, func(i int) { b.receive(i, raw) })
	for i := range 8 {
		b.mustRead(i, raw)
	}
}

func notStaged(b *box) {
	sum := sha256.Sum256([]byte("nobody's"))
	for _, blob := range []store.Blob{
		{Hash: hex.EncodeToString(sum[:]), Size: 1 << 20},
		{Hash: "../../../etc/passwd", Size: 1 << 20},
	} {
		b.refused("a mail that was never staged", func(tx store.Tx) error { return tx.Record(entry(1), blob) })
	}
	b.view(func(tx store.Tx) error {
		_, err := tx.Entry(id(1))
		b.missing("entry", err)
		return nil
	})
}
