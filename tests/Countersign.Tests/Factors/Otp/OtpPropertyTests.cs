using Countersign.Factors.Otp;
using CsCheck;

namespace Countersign.Tests.Factors.Otp;

public sealed class OtpPropertyTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    [Fact]
    public void Base32_reads_what_it_wrote()
        => Gen.Byte.Array[0, 64].Sample(bytes => Assert.True(Base32.TryDecode(Base32.Encode(bytes), out var read) && read.AsSpan().SequenceEqual(bytes)));

    [Fact]
    public void No_text_makes_reading_throw() => Gen.String.Sample(text =>
    {
        Base32.TryDecode(text, out _);
        OtpGenerator.TryParse(text, 6, out _);
    });

    [Fact]
    public void No_step_is_accepted_twice_and_drift_stays_in_its_bound()
        => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 6], Gen.Select(Gen.Int[0, 4], Gen.Int[-12, 12]).List[1, 60])
            .Sample((tolerance, margin, maxDrift, tries) =>
            {
                using var generator = new OtpGenerator(Secret, 6, OtpAlgorithm.Sha1);
                var window = new TimeWindow(tolerance, margin, maxDrift);
                var accepted = new HashSet<long>();
                var (clock, last, drift) = (1_000L, -1L, 0);
                foreach (var (passed, offset) in tries)
                {
                    clock += passed;
                    var verdict = window.Judge(generator, generator.Code(clock + offset), clock, drift, last);
                    if (verdict.Outcome == OtpOutcome.Accepted)
                    {
                        Assert.True(accepted.Add(verdict.Counter), "a step was accepted twice");
                        Assert.True(verdict.Counter > last, "a step was accepted after a later one");
                    }
                    else
                    {
                        Assert.Equal(last, verdict.Counter);
                    }
                    (last, drift) = (verdict.Counter, verdict.Drift);
                    Assert.InRange(drift, -maxDrift, maxDrift);
                }
            }, iter: 500);

    [Fact]
    public void No_counter_is_accepted_twice()
        => Gen.Select(Gen.Int[0, 10], Gen.Select(Gen.Int[0, 40], Gen.Bool).List[1, 60]).Sample((lookAhead, tries) =>
        {
            using var generator = new OtpGenerator(Secret, 6, OtpAlgorithm.Sha1);
            var window = new CounterWindow(lookAhead, 100);
            var last = -1L;
            foreach (var (counter, withNext) in tries)
            {
                var verdict = window.Judge(generator, generator.Code(counter), withNext ? generator.Code(counter + 1) : null, last);
                if (verdict.Outcome == OtpOutcome.Accepted) Assert.True(verdict.Counter > last, "a counter was accepted again");
                else Assert.Equal(last, verdict.Counter);
                last = verdict.Counter;
            }
        }, iter: 500);
}
