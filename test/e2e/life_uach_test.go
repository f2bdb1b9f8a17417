//go:build e2e

package e2e

const (
	uachDesk = "atencion@uach.example"
	helpdesk = "helpdesk@uach.example"
	dse      = "dse@uach.example"
	eds1     = "eds1@uach.example"
	eds2     = "eds2@uach.example"
	dau      = "dau@uach.example"
)

const uachRequest = "Usuario: Laura Meza <laura@uach.example>\nResumen: Correo institucional\n" +
	"Descripción: No puedo recibir correo desde el viernes. Dice que el buzón está lleno.\n"

// uach is a request raised on somebody's behalf that goes from hand to hand,
// ends, is opened again, and is closed without a solution.
func (l *life) uach() {
	const laura = "laura@uach.example"
	l.write(helpdesk, uachDesk, "Solicitud de servicio", uachRequest)
	l.click(helpdesk, "Turnar", "Agente="+eds1)
	l.click(eds1, "Iniciar atención")
	l.click(eds1, "Registrar diagnóstico", "Diagnóstico=El buzón está lleno.", "Mantenimiento correctivo=S")
	l.click(dse, "Registrar diagnóstico", "Diagnóstico=La cuota es la mínima.")
	l.reply(dse, "Hablad con compras.")
	l.reply(eds1, "Hecho.")
	l.reply(laura, "Sigue sin llegar nada.")
	l.click(eds1, "Devolver", "Motivo=No tengo permisos.")
	l.click(dse, "Transferir", "Transferir a="+eds2, "Motivo=Óscar tiene acceso.")
	l.click(dse, "Turnar al DAU", "Motivo=Agotado.")
	l.ask(laura, uachDesk, "Mis solicitudes", "Ver detalle "+l.number, "Ayuda")
	l.click(dse, "Terminar", "Solución=Se amplió el buzón.")
	l.click(dau, "Reabrir", "Asignar a="+eds1, "Motivo=Volvió.")
	l.click(eds1, "Terminar", "Solución=Se amplió otra vez.")
	l.click(dau, "Reabrir", "Asignar a="+eds1, "Motivo=Volvió.")
	l.click(dse, "Cerrar", "Motivo=La cuenta ya no existe.")

	l.write(laura, uachDesk, "Solicitud de servicio", uachRequest) // which is for the help desk
	l.write(helpdesk, uachDesk, "Solicitud de servicio", uachRequest)
	l.ask(dau, uachDesk, "Monitorear solicitudes", "Cumplimiento de plazos", "Ayuda")
	l.ask("admin@uach.example", uachDesk, "Diario de correos", "Monitorear solicitudes")
}
