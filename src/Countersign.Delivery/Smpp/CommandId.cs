namespace Countersign.Delivery.Smpp;

/// <summary>What a PDU asks or answers (SMPP v3.4 §5.1.2). A response is its request with the first bit set.</summary>
internal enum CommandId : uint
{
    SubmitSm = 0x00000004,
    DeliverSm = 0x00000005,
    Unbind = 0x00000006,
    BindTransceiver = 0x00000009,
    EnquireLink = 0x00000015,
    AlertNotification = 0x00000102,
    GenericNack = 0x80000000,
    SubmitSmResp = SubmitSm | GenericNack,
    DeliverSmResp = DeliverSm | GenericNack,
    UnbindResp = Unbind | GenericNack,
    BindTransceiverResp = BindTransceiver | GenericNack,
    EnquireLinkResp = EnquireLink | GenericNack,
}

/// <summary>Requests and responses.</summary>
internal static class CommandIds
{
    extension(CommandId command)
    {
        public bool IsResponse => (command & CommandId.GenericNack) != 0;
        public CommandId Response => command | CommandId.GenericNack;
    }
}
