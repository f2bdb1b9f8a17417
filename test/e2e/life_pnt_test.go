//go:build e2e

package e2e

const (
	enlace   = "enlace@organo-garante.example"
	pntDesk  = "mesaserviciopnt@pnt.example"
	pntAdmin = "admin@pnt.example"
	sipot    = "agente.sipot@pnt.example"
	sisai    = "agente.sisai@pnt.example"
)

const pntTicket = "Tema de ayuda: SIPOT\nResumen: Carga\nDetalle del requerimiento: No carga el formato.\nEstado: Oaxaca\n"

// pnt is a registration that is granted, one that is not, and a ticket that is
// attended to.
func (l *life) pnt() {
	application := []string{"Nombre de la cuenta=Carla Ruiz", "Correo electrónico=" + citizen, "Organización=Instituto de Transparencia", "Teléfono=951 000 0000"}
	l.write(citizen, pntDesk, "Nuevo ticket", pntTicket)
	l.number = ""
	l.click(citizen, "Solicitar alta", application[:3]...)
	l.click(citizen, "Solicitar alta", application...)
	l.click(pntAdmin, "Rechazar", "Motivo=La organización no es un Organismo Garante.")
	l.click(citizen, "Solicitar alta", application...)
	l.click(pntAdmin, "Aprobar")

	l.copied(enlace, pntDesk, watcher, "Nuevo ticket", pntTicket)
	l.click(sipot, "Establecer severidad", "Severidad=ALTA")
	l.wait("30h") // of two days
	l.click(sipot, "Solicitar información", "Información solicitada=¿Qué formato es?")
	l.reply(enlace, "El XXIV.")
	l.reply(enlace, "También falla el XXV.")
	l.click(sipot, "Transferir", "Persona="+sisai, "Motivo=Es de SISAI.")
	l.reply(sisai, "Lo miro hoy.")
	l.ask(enlace, pntDesk, "Mis tickets", "Ver detalle "+l.number, "Ayuda")
	l.ask(pntAdmin, pntDesk, "Seguimiento del departamento", "Cumplimiento de plazos", "Diario de correos", "Ayuda")
	l.click(sisai, "Atender", "Respuesta=Ya carga.")
	l.reply(enlace, "Muchas gracias.")

	l.write(enlace, pntDesk, "Nuevo ticket", pntTicket)
	l.click(enlace, "Cancelar ticket")
}
