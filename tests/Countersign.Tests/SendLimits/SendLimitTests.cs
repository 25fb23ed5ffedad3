using Countersign.SendLimits;
using CsCheck;

namespace Countersign.Tests.SendLimits;

public sealed class SendLimitTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);

    [Fact]
    public void Sends_that_pass_keep_their_distance_and_their_bound_in_every_window()
        => Gen.Select(Gen.Int[0, 40], Gen.Int[0, 5], Gen.Int[1, 100], Gen.Int[0, 30].Array[1, 60]).Sample((spacing, most, window, waits) =>
        {
            var limit = new SendLimit(SendLimitKind.Recipient, "sms/+14155550142", TimeSpan.FromSeconds(spacing), most, TimeSpan.FromSeconds(window));
            var (count, now, passed) = (default(SendCount), Start, new List<DateTimeOffset>());
            foreach (var wait in waits)
            {
                now += TimeSpan.FromSeconds(wait);
                if (limit.Judge(count, now) is { } refusal)
                {
                    Assert.True(refusal.Until > now);
                    Assert.Null(limit.Judge(count, refusal.Until) is { Kind: var kind } && kind == refusal.Kind ? kind : (SendLimitKind?)null);
                    continue;
                }
                count = limit.Take(count, now);
                passed.Add(now);
            }
            Assert.All(passed.Zip(passed.Skip(1)), pair => Assert.True(pair.Second - pair.First >= limit.Spacing));
            // A window begins with its first send: of any most + 1 sends in a row, the last is in a later window than the first, or the window was passed.
            if (most > 0) Assert.True(passed.Count <= most * (1 + (int)((now - Start).TotalSeconds / window)) + most);
        });

    [Theory, InlineData(49, 0, false), InlineData(50, 0, true), InlineData(50, 4, true), InlineData(50, 5, false), InlineData(1_000, 99, true), InlineData(1_000, 100, false)]
    public void A_range_is_paused_when_too_few_of_enough_codes_were_verified(int sent, int verified, bool paused)
    {
        var watch = new ConversionWatch(new SendLimitSettings());

        var after = watch.Add(default, sent, verified, Start);

        Assert.Equal(paused ? Start.AddHours(1).ToUnixTimeMilliseconds() : 0, after.PausedUntil);
    }

    [Fact]
    public void A_code_counts_as_sent_once_its_life_is_over_and_as_verified_at_once()
    {
        var watch = new ConversionWatch(new SendLimitSettings());
        watch.Sent("+1415", Start.AddMinutes(5));
        watch.Sent("+1415", Start.AddMinutes(6));
        watch.Verified("+1415");

        Assert.Equal((0, 1), watch.Take(Start)["+1415"]);
        Assert.Equal((1, 0), watch.Take(Start.AddMinutes(5))["+1415"]);
        Assert.Equal((1, 0), watch.Take(Start.AddMinutes(6))["+1415"]);
        Assert.Empty(watch.Take(Start.AddMinutes(7)));
    }

    [Fact]
    public void What_could_not_be_gathered_is_counted_the_next_time()
    {
        var watch = new ConversionWatch(new SendLimitSettings());
        watch.Verified("+1415");
        watch.PutBack(watch.Take(Start));
        watch.Verified("+1415");

        Assert.Equal((0, 2), watch.Take(Start)["+1415"]);
    }

    [Fact]
    public void With_the_watch_off_nothing_is_kept()
    {
        var watch = new ConversionWatch(new SendLimitSettings { LeastConversion = 0 });
        watch.Sent("+1415", Start);
        watch.Verified("+1415");

        Assert.Empty(watch.Take(Start.AddHours(1)));
    }
}
