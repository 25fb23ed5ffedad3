using Countersign.Delivery.Smpp;

namespace Countersign.Delivery.Tests.Smpp;

public sealed class CommandStatusTests
{
    [Theory]
    [InlineData(0x00, "ESME_ROK", StatusMeaning.Accepted)]
    [InlineData(0x08, "ESME_RSYSERR", StatusMeaning.Failed)]
    [InlineData(0x0a, "ESME_RINVSRCADR", StatusMeaning.Failed)]
    [InlineData(0x0b, "ESME_RINVDSTADR", StatusMeaning.Rejected)]
    [InlineData(0x14, "ESME_RMSGQFUL", StatusMeaning.Throttled)]
    [InlineData(0x45, "ESME_RSUBMITFAIL", StatusMeaning.Failed)]
    [InlineData(0x50, "ESME_RINVDSTTON", StatusMeaning.Rejected)]
    [InlineData(0x51, "ESME_RINVDSTNPI", StatusMeaning.Rejected)]
    [InlineData(0x58, "ESME_RTHROTTLED", StatusMeaning.Throttled)]
    [InlineData(0x62, "ESME_RINVEXPIRY", StatusMeaning.Failed)]
    [InlineData(0x64, "ESME_RX_T_APPN", StatusMeaning.Failed)]
    [InlineData(0x412, "status 0x00000412", StatusMeaning.Failed)]
    [InlineData(0xffffffff, "status 0xFFFFFFFF", StatusMeaning.Failed)]
    internal void A_status_has_the_specifications_name_and_a_meaning(uint status, string name, StatusMeaning meaning)
    {
        Assert.Equal(name, CommandStatus.Name(status));
        Assert.Equal(meaning, CommandStatus.Meaning(status));
    }

    [Fact]
    public void Only_success_means_accepted_and_only_the_recipient_and_the_message_are_rejected()
    {
        var byMeaning = Enumerable.Range(0, 0x1000).ToLookup(status => CommandStatus.Meaning((uint)status));

        Assert.Equal([0x00], byMeaning[StatusMeaning.Accepted]);
        Assert.Equal([0x0b, 0x50, 0x51, 0x66], byMeaning[StatusMeaning.Rejected]);
        Assert.Equal([0x14, 0x58], byMeaning[StatusMeaning.Throttled]);
    }
}
