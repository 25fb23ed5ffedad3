using Countersign.Server.Waiting;
using CsCheck;
using Microsoft.Extensions.Primitives;

namespace Countersign.Server.Tests.Waiting;

public sealed class WaitPreferenceTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(20, "wait=20")]
    [InlineData(20, "WAIT = 20")]
    [InlineData(20, "wait=\"20\"")]
    [InlineData(20, "wait=020")]
    [InlineData(20, "respond-async, wait=20; why=\"because\"")]
    [InlineData(20, "why=\"a, wait=5; \\\" wait=6\", wait=20")]
    [InlineData(20, ",,wait=20,")]
    [InlineData(20, "wait=20, wait=30")]
    [InlineData(1, "wait=1")]
    [InlineData(60, "wait=60")]
    [InlineData(60, "wait=61")]
    [InlineData(60, "wait=99999999999999999999999999")]
    public void It_is_read_as_the_RFC_says(int seconds, string prefer) => Assert.Equal(TimeSpan.FromSeconds(seconds), WaitPreference.Read(prefer, Longest));

    [Theory]
    [InlineData("")]
    [InlineData("wait")]
    [InlineData("wait=")]
    [InlineData("wait=\"\"")]
    [InlineData("wait=\"")]
    [InlineData("wait=0")]
    [InlineData("wait=-5")]
    [InlineData("wait=+5")]
    [InlineData("wait=1.5")]
    [InlineData("wait=20s")]
    [InlineData("wait=2 0")]
    [InlineData("wait=٢٠")]
    [InlineData("wait=x, wait=20")]
    [InlineData("wait, wait=20")]
    [InlineData("await=20")]
    [InlineData("why=\"wait=20\"")]
    [InlineData("why;wait=20")]
    public void What_is_no_preference_to_wait_is_as_if_it_were_not_there(string prefer) => Assert.Null(WaitPreference.Read(prefer, Longest));

    [Fact]
    public void Several_headers_are_one_list()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), WaitPreference.Read(new StringValues(["respond-async", "wait=7", "wait=9"]), Longest));
        Assert.Null(WaitPreference.Read(StringValues.Empty, Longest));
    }

    [Fact]
    public void No_text_is_too_strange()
        => Gen.Char[" \t\"\\,;=wait0123456789é"].Array.Sample(text => WaitPreference.Read(new string(text), Longest) is null or { TotalSeconds: >= 1 and <= 60 });
}
