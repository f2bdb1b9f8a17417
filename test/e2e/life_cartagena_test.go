//go:build e2e

package e2e

const (
	ctgDesk     = "soportegti@cartagena.example"
	mesa        = "mesa@cartagena.example"
	profesional = "profesional@cartagena.example"
	ctgRequest  = "Nombre: Marta Olivo\nSolicitud: No hay red en la oficina.\n"
)

// cartagena is a case that is worked on by agreement, not accepted, and closed
// at last by silence.
func (l *life) cartagena() {
	l.copied(citizen, ctgDesk, watcher, "No hay red", ctgRequest)
	first := l.number
	l.click(mesa, "Catalogar", "Tipo=Incidencia", "Categoría=Infraestructura", "Nivel de servicio=Alta")
	l.click(mesa, "Asignar", "Agente="+profesional)
	l.click(profesional, "Tomar (EN CURSO)")
	l.click(mesa, "Programar fecha", "Fecha acordada=30/10/2017 10:00")
	l.ctgFollowers(first)
	l.reply(citizen, "Hoy tampoco hay red.")
	l.click(profesional, "Solicitar información", "Información solicitada=¿En qué piso?")
	l.reply(citizen, "En el segundo.")
	l.reply(profesional, "Avisado el proveedor.")
	l.wait("11d")
	l.wait("4d") // past the agreed date
	l.click(profesional, "Programar fecha", "Fecha acordada=20/11/2017 10:00")
	l.click(profesional, "Resolver", "Solución=Se cambió el conmutador del piso 2.", "Recomendaciones=No conecten regletas al rack.")
	l.reply(citizen, "En un puesto no va.")
	l.click(profesional, "Volver a EN CURSO")
	l.click(profesional, "Resolver", "Solución=Se cambió el cable.")
	l.click(citizen, "No conforme", "Motivo=Sigue igual.")
	l.click(profesional, "Resolver", "Solución=Se cambió el puesto.")
	l.wait("10d") // and nobody says anything
	l.ctgEnds()
}

// ctgFollowers are cases that go along with another, and spam.
func (l *life) ctgFollowers(first string) {
	l.write(citizen, ctgDesk, "Nueva solicitud", ctgRequest)
	l.click(mesa, "Vincular a otro número", "Número del caso principal="+first)
	l.write(citizen, ctgDesk, "Nueva solicitud", ctgRequest)
	l.click(mesa, "Unir a otro número", "Número del caso con que continúa="+first)
	l.write("ofertas@tienda.example", ctgDesk, "Nueva solicitud", ctgRequest)
	l.click(mesa, "Descartar como no deseado")
	l.write(citizen, ctgDesk, "Nueva solicitud", ctgRequest)
	withdrawn := l.number
	l.write(citizen, ctgDesk, "Nueva solicitud", ctgRequest)
	l.click(mesa, "Vincular a otro número", "Número del caso principal="+withdrawn)
	l.number = withdrawn
	l.click(citizen, "Cancelar petición", "Motivo=Ya imprime.")
	l.number = first
}

// ctgEnds are the other ways in which a case ends, one of a case that lacked
// something.
func (l *life) ctgEnds() {
	l.write(hasty, ctgDesk, "Nueva solicitud", "Solicitud: No imprime.\n")
	l.click(hasty, "Completar los datos", "Nombre=Prisca Ruiz")
	l.click(mesa, "Asignar", "Agente="+profesional)
	l.click(hasty, "Cancelar petición", "Motivo=Ya imprime.")

	l.solved()
	l.click(citizen, "Conforme")
	l.solved()
	l.click(mesa, "Cerrar")
	l.ask(citizen, ctgDesk, "Mis casos", "Ver detalle "+l.number, "Ayuda")
	l.ask(mesa, ctgDesk, "Seguimiento del departamento", "Cumplimiento de plazos", "Ayuda")
	l.ask("admin@cartagena.example", ctgDesk, "Diario de correos")
}

// solved is a case with a solution.
func (l *life) solved() {
	l.write(citizen, ctgDesk, "Nueva solicitud", ctgRequest)
	l.click(mesa, "Asignar", "Agente="+profesional)
	l.click(profesional, "Resolver", "Solución=Se cambió el tóner.")
}
