package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow/compose"
)

type person struct{ name, address string }

var (
	ana   = person{"Ana Núñez", "ana@ayuntamiento.example"}
	agent = person{"", "agente1@dgt.example"}
)

// play is the story: an opening with a mistake, its correction, a question,
// a first solution that does not hold, and a second that does.
func (s *stage) play(ctx context.Context) error {
	scenes := []struct {
		title string
		after time.Duration
		act   func(context.Context) error
	}{
		{"Ana opens an incident, with a type that does not exist", 0, s.open},
		{"She follows the link of the answer, where only the type is to be filled in", 2 * time.Minute, func(ctx context.Context) error {
			return s.click(ctx, ana, "Abrir incidencia", map[string]string{"Tipo": "Error Acceso"})
		}},
		{"The agent takes it", 10 * time.Minute, func(ctx context.Context) error { return s.click(ctx, agent, "Tomar", nil) }},
		{"The agent asks something", 5 * time.Minute, func(ctx context.Context) error {
			return s.click(ctx, agent, "Solicitar información", map[string]string{"Información solicitada": "¿Qué mensaje aparece en pantalla?"})
		}},
		{"Ana answers by replying, with a screenshot", 20 * time.Minute, s.answer},
		{"The agent solves it", time.Hour, func(ctx context.Context) error {
			return s.click(ctx, agent, "Resolver", map[string]string{"Solución": "Se ha renovado el certificado."})
		}},
		{"Ana rejects the solution", 30 * time.Minute, func(ctx context.Context) error {
			return s.click(ctx, ana, "Rechazar Petición", map[string]string{"Motivo": "Sigue apareciendo el mismo mensaje."})
		}},
		{"The agent solves it again", 40 * time.Minute, func(ctx context.Context) error {
			return s.click(ctx, agent, "Resolver", map[string]string{"Solución": "Se ha instalado el certificado en el segundo nodo."})
		}},
		{"Ana validates it: click, send", 15 * time.Minute, func(ctx context.Context) error {
			return s.click(ctx, ana, "Validar Petición", nil)
		}},
	}
	for i, scene := range scenes {
		s.clock.Advance(scene.after)
		fmt.Fprintf(s.out, "\n%d. %s\n", i+1, scene.title)
		if err := scene.act(ctx); err != nil {
			return fmt.Errorf("scene %d: %w", i+1, err)
		}
	}
	return s.history(ctx)
}

func (s *stage) open(ctx context.Context) error {
	return s.send(ctx, mailclient.Draft{
		From: ana.address, FromName: ana.name, To: string(s.desk.Intake), Subject: s.desk.Opening.Subject,
		Body: "Servicio/Aplicación: EEFF\nTipo: No va\nDescripción: Al entrar aparece un aviso de certificado\ny no se puede continuar.\n",
	})
}

func (s *stage) answer(ctx context.Context) error {
	d := mailclient.Reply(s.latest[ana.address], "«El certificado ha caducado». Adjunto la captura.")
	d.FromName = ana.name
	d.Files = []compose.Attachment{{Filename: "captura.png", ContentType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")}}
	return s.send(ctx, d)
}
