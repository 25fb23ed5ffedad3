// An SMPP server that shares no code and no author with Countersign's client. It prints one JSON object a line: first the port that it listens on, then what it
// understood of each message. Each message is accepted, and its receipt follows.
import smpp from 'smpp';

const [systemId, password] = process.argv.slice(2);
let last = 0;

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const receipt = (pdu, id) => ({
  esm_class: 0x04,
  source_addr_ton: pdu.dest_addr_ton,
  source_addr_npi: pdu.dest_addr_npi,
  source_addr: pdu.destination_addr,
  destination_addr: pdu.source_addr,
  short_message: { message: `id:${id} sub:001 dlvrd:001 submit date:2603050941 done date:2603050942 stat:DELIVRD err:000 text:` },
  receipted_message_id: id,
  message_state: 2,
});

const server = smpp.createServer((session) => {
  session.on('error', (error) => say({ error: error.message }));
  session.on('bind_transceiver', (pdu) => {
    const isKnown = pdu.system_id === systemId && pdu.password === password;
    session.send(pdu.response({ system_id: 'node-smpp', command_status: isKnown ? smpp.ESME_ROK : smpp.ESME_RBINDFAIL }));
  });
  session.on('submit_sm', (pdu) => {
    const id = `node-${++last}`;
    const text = pdu.message_payload ?? pdu.short_message;
    say({
      id,
      source: pdu.source_addr, sourceTon: pdu.source_addr_ton, sourceNpi: pdu.source_addr_npi,
      destination: pdu.destination_addr, destinationTon: pdu.dest_addr_ton, destinationNpi: pdu.dest_addr_npi,
      esmClass: pdu.esm_class, dataCoding: pdu.data_coding, registeredDelivery: pdu.registered_delivery,
      secondsLeft: Math.round((pdu.validity_period - Date.now()) / 1000),
      header: text.udh ? Buffer.concat(text.udh).toString('hex') : null,
      text: text.message,
      isPayload: pdu.message_payload !== undefined,
    });
    session.send(pdu.response({ message_id: id }), () => session.deliver_sm(receipt(pdu, id), (answer) => say({ receipt: id, status: answer.command_status })));
  });
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => {
    session.send(pdu.response(), () => session.close());
    say({ unbound: true });
  });
});
server.listen(0, '127.0.0.1', () => say({ port: server.address().port }));
