using System.Collections.Frozen;

namespace Countersign.Delivery.Smpp;

/// <summary>What a status means for a message that was submitted.</summary>
internal enum StatusMeaning
{
    /// <summary>The server has it.</summary>
    Accepted,
    /// <summary>The recipient or the message is refused for good.</summary>
    Rejected,
    /// <summary>This server, or its account, would not take it; another may.</summary>
    Failed,
    /// <summary>Too much at once: the server would take it a moment later.</summary>
    Throttled,
}

/// <summary>The statuses of responses with the specification's names (SMPP v3.4 §5.1.3), and what each means for a message.</summary>
internal static class CommandStatus
{
    public const uint Ok = 0x00000000;
    public const uint InvalidCommandId = 0x00000003;
    public const uint TemporaryError = 0x00000064;
    public const uint PermanentError = 0x00000065;
    public const uint UnknownError = 0x000000ff;

    // Only what is wrong with the recipient, or with the message whoever carries it, is rejected: a wrong sender, service type or password is ours to mend, and
    // another provider may well be set up rightly.
    private static readonly FrozenDictionary<uint, (string Name, StatusMeaning Meaning)> Statuses = new Dictionary<uint, (string, StatusMeaning)>
    {
        [0x00] = ("ESME_ROK", StatusMeaning.Accepted),
        [0x01] = ("ESME_RINVMSGLEN", StatusMeaning.Failed),
        [0x02] = ("ESME_RINVCMDLEN", StatusMeaning.Failed),
        [0x03] = ("ESME_RINVCMDID", StatusMeaning.Failed),
        [0x04] = ("ESME_RINVBNDSTS", StatusMeaning.Failed),
        [0x05] = ("ESME_RALYBND", StatusMeaning.Failed),
        [0x06] = ("ESME_RINVPRTFLG", StatusMeaning.Failed),
        [0x07] = ("ESME_RINVREGDLVFLG", StatusMeaning.Failed),
        [0x08] = ("ESME_RSYSERR", StatusMeaning.Failed),
        [0x0a] = ("ESME_RINVSRCADR", StatusMeaning.Failed),
        [0x0b] = ("ESME_RINVDSTADR", StatusMeaning.Rejected),
        [0x0c] = ("ESME_RINVMSGID", StatusMeaning.Failed),
        [0x0d] = ("ESME_RBINDFAIL", StatusMeaning.Failed),
        [0x0e] = ("ESME_RINVPASWD", StatusMeaning.Failed),
        [0x0f] = ("ESME_RINVSYSID", StatusMeaning.Failed),
        [0x11] = ("ESME_RCANCELFAIL", StatusMeaning.Failed),
        [0x13] = ("ESME_RREPLACEFAIL", StatusMeaning.Failed),
        [0x14] = ("ESME_RMSGQFUL", StatusMeaning.Throttled),
        [0x15] = ("ESME_RINVSERTYP", StatusMeaning.Failed),
        [0x33] = ("ESME_RINVNUMDESTS", StatusMeaning.Failed),
        [0x34] = ("ESME_RINVDLNAME", StatusMeaning.Failed),
        [0x40] = ("ESME_RINVDESTFLAG", StatusMeaning.Failed),
        [0x42] = ("ESME_RINVSUBREP", StatusMeaning.Failed),
        [0x43] = ("ESME_RINVESMCLASS", StatusMeaning.Failed),
        [0x44] = ("ESME_RCNTSUBDL", StatusMeaning.Failed),
        [0x45] = ("ESME_RSUBMITFAIL", StatusMeaning.Failed),
        [0x48] = ("ESME_RINVSRCTON", StatusMeaning.Failed),
        [0x49] = ("ESME_RINVSRCNPI", StatusMeaning.Failed),
        [0x50] = ("ESME_RINVDSTTON", StatusMeaning.Rejected),
        [0x51] = ("ESME_RINVDSTNPI", StatusMeaning.Rejected),
        [0x53] = ("ESME_RINVSYSTYP", StatusMeaning.Failed),
        [0x54] = ("ESME_RINVREPFLAG", StatusMeaning.Failed),
        [0x55] = ("ESME_RINVNUMMSGS", StatusMeaning.Failed),
        [0x58] = ("ESME_RTHROTTLED", StatusMeaning.Throttled),
        [0x61] = ("ESME_RINVSCHED", StatusMeaning.Failed),
        [0x62] = ("ESME_RINVEXPIRY", StatusMeaning.Failed),
        [0x63] = ("ESME_RINVDFTMSGID", StatusMeaning.Failed),
        [0x64] = ("ESME_RX_T_APPN", StatusMeaning.Failed),
        [0x65] = ("ESME_RX_P_APPN", StatusMeaning.Failed),
        [0x66] = ("ESME_RX_R_APPN", StatusMeaning.Rejected),
        [0x67] = ("ESME_RQUERYFAIL", StatusMeaning.Failed),
        [0xc0] = ("ESME_RINVOPTPARSTREAM", StatusMeaning.Failed),
        [0xc1] = ("ESME_ROPTPARNOTALLWD", StatusMeaning.Failed),
        [0xc2] = ("ESME_RINVPARLEN", StatusMeaning.Failed),
        [0xc3] = ("ESME_RMISSINGOPTPARAM", StatusMeaning.Failed),
        [0xc4] = ("ESME_RINVOPTPARAMVAL", StatusMeaning.Failed),
        [0xfe] = ("ESME_RDELIVERYFAILURE", StatusMeaning.Failed),
        [0xff] = ("ESME_RUNKNOWNERR", StatusMeaning.Failed),
    }.ToFrozenDictionary();

    /// <summary>The specification's name, or the number of a status that it does not know.</summary>
    public static string Name(uint status) => Statuses.TryGetValue(status, out var known) ? known.Name : $"status 0x{status:X8}";

    /// <summary>What a status means for a message; an unknown one that it failed.</summary>
    public static StatusMeaning Meaning(uint status) => Statuses.TryGetValue(status, out var known) ? known.Meaning : StatusMeaning.Failed;
}
