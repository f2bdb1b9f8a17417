//go:build crash

package crash

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/ticket"
)

// letter is an opening mail, and what its sender knows of it. Each is from
// another requester, so that everything about it is found by the address.
type letter struct {
	from   ticket.Address
	raw    []byte
	number ticket.Number // what the 250 said; "" as long as there was none
	tries  int
}

// sizes of the file a letter carries; small mails are the most.
var sizes = []int{0, 0, 0, 0, 0, 0, 0, 100 << 10, 100 << 10, 1 << 20}

const (
	intake  = "soportecau@dgt.example"
	subject = "Apertura de Incidencia Automática Aplicación / Desarrollo."
	body    = "Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No se puede entrar.\n"
)

// write makes letters numbered from first on.
func write(t *testing.T, r *rand.Rand, first, count int) []*letter {
	t.Helper()
	client := mailclient.Client{Now: time.Now}
	letters := make([]*letter, count)
	for i := range letters {
		from := fmt.Sprintf("persona%04d@ayuntamiento.example", first+i)
		draft := mailclient.Draft{From: from, To: intake, Subject: subject, Body: body, Files: file(r)}
		raw, err := client.Bytes(draft)
		if err != nil {
			t.Fatal(err)
		}
		letters[i] = &letter{from: ticket.Address(from), raw: raw}
	}
	return letters
}

func file(r *rand.Rand) []compose.Attachment {
	size := sizes[r.IntN(len(sizes))]
	if size == 0 {
		return nil
	}
	data := bytes.Repeat(fmt.Appendf(nil, "%016x", r.Uint64()), size/16)
	return []compose.Attachment{{Filename: "registro.bin", ContentType: "application/octet-stream", Data: data}}
}
