namespace Countersign.Delivery.Smpp;

/// <summary>bind_transceiver (SMPP v3.4 §4.1.5): opens a session that sends messages and gets receipts.</summary>
internal sealed record BindTransceiver(string SystemId, string Password, string SystemType) : IPdu
{
    private const byte Version34 = 0x34;

    public CommandId Command => CommandId.BindTransceiver;
    public int BodyLength => SystemId.Length + 1 + Password.Length + 1 + SystemType.Length + 1 + 4;

    public void WriteBody(ref PduWriter writer)
    {
        writer.Text(SystemId, 16);
        writer.Text(Password, 9);
        writer.Text(SystemType, 13);
        writer.Octet(Version34);
        // The addresses whose messages this session wants: the account's own (§4.1.5: NULL when not known).
        writer.Octet(0);
        writer.Octet(0);
        writer.Text("", 41);
    }

    /// <summary>Keeps the password out of messages and debuggers.</summary>
    public override string ToString() => $"bind_transceiver of {SystemId}";
}
