package bolt

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// A bucket is one of the database's top-level buckets. See the package
// comment for what they hold.
type bucket string

const (
	metaBucket      bucket = "meta"
	journalBucket   bucket = "journal"
	listingBucket   bucket = "listing"
	dedupeBucket    bucket = "dedupe"
	rawBucket       bucket = "raw"
	filesBucket     bucket = "files"
	ticketsBucket   bucket = "tickets"
	openedBucket    bucket = "opened"
	eventsBucket    bucket = "events"
	subjectsBucket  bucket = "subjects"
	sequencesBucket bucket = "sequences"
	outboxBucket    bucket = "outbox"
	dueBucket       bucket = "due"

	// Since schema 2.
	remindersBucket      bucket = "reminders"
	alarmsBucket         bucket = "alarms"
	correspondentsBucket bucket = "correspondents"
)

var (
	schemaKey  = []byte("schema")
	createdKey = []byte("created")
)

// A migration brings a database from the schema before it to the next.
type migration func(*bbolt.Tx) error

// migrations are numbered from 1 by their place; the schema of a database is
// the number of those it has been through. Never change one that was released.
var migrations = []migration{
	create(
		journalBucket, listingBucket, dedupeBucket, rawBucket, filesBucket, ticketsBucket, openedBucket,
		eventsBucket, subjectsBucket, sequencesBucket, outboxBucket, dueBucket,
	),
	create(remindersBucket, alarmsBucket, correspondentsBucket),
}

// create is the migration that adds buckets.
func create(buckets ...bucket) migration {
	return func(t *bbolt.Tx) error {
		for _, b := range buckets {
			if _, err := t.CreateBucket([]byte(b)); err != nil {
				return fmt.Errorf("bucket %s: %w", b, err)
			}
		}
		return nil
	}
}

// migrate takes the database through the migrations it lacks, each in a
// transaction of its own, so that one interrupted is simply taken up again.
func migrate(db *bbolt.DB, all []migration, now time.Time) error {
	version, err := schema(db)
	if err != nil {
		return err
	}
	if version < 0 || version > len(all) {
		return fmt.Errorf("%w: its schema is %d, this one knows %d", ErrNewerSchema, version, len(all))
	}
	for n := version + 1; n <= len(all); n++ {
		err := db.Update(func(t *bbolt.Tx) error { return step(t, all[n-1], n, now) })
		if err != nil {
			return fmt.Errorf("migration %d: %w", n, err)
		}
	}
	return nil
}

// step does migration n and notes that it was done.
func step(t *bbolt.Tx, m migration, n int, now time.Time) error {
	meta, err := t.CreateBucketIfNotExists([]byte(metaBucket))
	if err != nil {
		return err
	}
	if n == 1 {
		if err := note(meta, createdKey, now.UTC()); err != nil {
			return err
		}
	}
	if err := m(t); err != nil {
		return err
	}
	return note(meta, schemaKey, n)
}

// The notes in meta are plain JSON, which every version can read.
func note(meta *bbolt.Bucket, key []byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return meta.Put(key, b)
}

// schema is the schema of the database, 0 for a new one.
func schema(db *bbolt.DB) (int, error) {
	version := 0
	err := db.View(func(t *bbolt.Tx) error {
		meta := t.Bucket([]byte(metaBucket))
		if meta == nil {
			if first, _ := t.Cursor().First(); first != nil {
				return errors.New("the database is not one of cauce")
			}
			return nil
		}
		return json.Unmarshal(meta.Get(schemaKey), &version)
	})
	if err != nil {
		return 0, fmt.Errorf("read the schema: %w", err)
	}
	return version, nil
}

// created is when the database was made.
func created(db *bbolt.DB) (time.Time, error) {
	var at time.Time
	err := db.View(func(t *bbolt.Tx) error {
		return json.Unmarshal(t.Bucket([]byte(metaBucket)).Get(createdKey), &at)
	})
	if err != nil {
		return at, fmt.Errorf("read when it was made: %w", err)
	}
	return at, nil
}
