//go:build e2e

package e2e

const (
	citizen = "carla@dependencia.example"
	watcher = "vecina@dependencia.example"

	gobDesk     = "mesadeayuda@gob.example"
	mesa1       = "mesa1@gob.example"
	cedn        = "cedn@gob.example"
	responsable = "responsable@dependencia.example"
)

const gobSubject = "Reporte de incidencia en trámite"

const gobReport = `Trámite: Acta de nacimiento
Falla: No está disponible
Inicio de la falla: 09/10/2017 02:40
Descripción: Al descargar el acta sale una página en blanco.
`

// gob is the protocol with a validation that fails, a report that is not
// complete, and clocks that run out.
func (l *life) gob() {
	l.copied(citizen, gobDesk, watcher, gobSubject, gobReport)
	first := l.number
	l.click(mesa1, "Clasificar y notificar", "Severidad=Crítica", "Indicaciones=Desplieguen la cortinilla cuanto antes.")
	l.wait("8m") // half of the time there is to acknowledge
	l.click(responsable, "Acusar de enterado")
	l.click(responsable, "Iniciar corrección")
	l.click(responsable, "Cortinilla desplegada")
	l.click(cedn, "Botón deshabilitado")
	l.click(mesa1, "Cambiar severidad", "Severidad=Media", "Indicaciones=Hay una alternativa.")
	l.click(mesa1, "Escalar", "Motivo=Urge, y no hay respuesta del responsable.")
	l.gobFollowers(first)
	l.reply(citizen, "Ahora sale un error 500.")
	l.reply(responsable, "He llamado al proveedor.")
	l.wait("9h") // the time there was to correct
	l.gobValidation()
	l.gobReports()
}

// gobFollowers are reports that go along with another, spam, and one that its
// author takes back.
func (l *life) gobFollowers(first string) {
	l.write(citizen, gobDesk, gobSubject, gobReport)
	l.click(mesa1, "Vincular a otro número", "Número de la incidencia principal="+first)
	l.write(citizen, gobDesk, gobSubject, gobReport)
	l.click(mesa1, "Unir a otro número", "Número de la incidencia con que continúa="+first)
	l.write("ofertas@tienda.example", gobDesk, gobSubject, gobReport)
	l.click(mesa1, "Descartar como no deseado")
	l.write(citizen, gobDesk, gobSubject, gobReport)
	l.click(mesa1, "Clasificar y notificar", "Severidad=Baja")
	withdrawn := l.number
	l.write(citizen, gobDesk, gobSubject, gobReport)
	l.click(mesa1, "Vincular a otro número", "Número de la incidencia principal="+withdrawn)
	l.number = withdrawn
	l.click(citizen, "Cancelar petición", "Motivo=Ya se puede.")
	l.number = first
}

// gobValidation is one that fails and one that does not, each in its time but
// for the warnings.
func (l *life) gobValidation() {
	l.click(responsable, "Informar corrección", "Corrección realizada=Se reinició el servicio.")
	l.wait("70m")
	l.click(cedn, "Persistencia de la incidencia", "Observaciones=La página sigue en blanco.")
	l.click(responsable, "Informar corrección", "Corrección realizada=Se cambió el disco.")
	l.click(cedn, "Validación correcta")
}

// gobReports is the format, sent back once.
func (l *life) gobReports() {
	format := []string{"Inicio de la incidencia=09/10/2017 02:40", "Fin de la incidencia=09/10/2017 14:00", "Causa=Disco.",
		"Acciones aplicadas=Cambio.", "Responsable del formato=Rosa Ibarra"}
	l.click(responsable, "Cortinilla retirada")
	l.click(cedn, "Botón habilitado")
	l.click(responsable, "Formato de incidencia", format...)
	l.click(mesa1, "Solicitar información complementaria", "Información que falta=Qué causó el fallo del disco.")
	l.click(responsable, "Formato de incidencia", format...)
	l.ask(citizen, gobDesk, "Mis incidencias", "Ver detalle "+l.number, "Ayuda")
	l.ask(mesa1, gobDesk, "Seguimiento del departamento", "Cumplimiento de SLO", "Ayuda", "Mis incidencias")
	l.ask("admin@gob.example", gobDesk, "Diario de correos")
	l.click(mesa1, "Cerrar")
	l.wait("7d") // and the weekly digest
}
