using System.Net.Http.Headers;
using Countersign.Outbound;

namespace Countersign.Tests.Outbound;

/// <summary>How long another side asks to be left alone (RFC 9110 §10.2.3).</summary>
public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("30", 30)]
    [InlineData("Thu, 05 Mar 2026 09:42:37 GMT", 90)]
    [InlineData("86400", 3_600)]
    [InlineData("Fri, 06 Mar 2026 09:41:07 GMT", 3_600)]
    [InlineData("0", null)]
    [InlineData("Thu, 05 Mar 2026 09:41:07 GMT", null)]
    [InlineData("Wed, 04 Mar 2026 09:41:07 GMT", null)]
    public void It_is_seconds_or_a_date_ahead_and_an_hour_at_most(string header, int? seconds)
        => Assert.Equal(seconds, RetryAfter.Read(RetryConditionHeaderValue.Parse(header), Now)?.TotalSeconds);

    [Fact]
    public void Nothing_asked_is_nothing_to_wait() => Assert.Null(RetryAfter.Read(null, Now));
}
