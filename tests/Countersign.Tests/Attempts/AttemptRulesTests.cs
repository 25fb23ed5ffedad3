using Countersign.Attempts;
using Countersign.Users;
using CsCheck;

namespace Countersign.Tests.Attempts;

public sealed class AttemptRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);
    private static readonly UserState Fresh = new() { Id = new UserId("00u0000000000000000a"), Version = 1, Status = UserStatus.Active, Login = "ana@example.com", DisplayName = "Ana Reis" };

    /// <summary>Whatever is tried in whatever order: as many wrong answers in a row as the threshold says lock, and none fewer.</summary>
    [Fact]
    public void A_row_of_wrong_answers_locks_exactly_when_it_is_long_enough()
        => Gen.Select(Gen.Int[1, 8], Gen.Bool.List[0, 40]).Sample((threshold, answers) =>
        {
            var rules = new AttemptRules(new AttemptLimits { LockoutThreshold = threshold });
            var (user, row) = (Fresh, 0);
            foreach (var right in answers)
            {
                var counted = rules.Count(user, Start);
                (user, row) = right ? (AttemptRules.Succeed(counted, user), 0) : (rules.LockWhenDue(counted, Start), row + 1);
                Assert.Equal(row >= threshold, user.Status == UserStatus.LockedOut);
                if (user.Status == UserStatus.LockedOut) (user, row) = (AttemptRules.Unlock(user, Start), 0);
            }
        });

    /// <summary>Right answers in between neither fill the window nor empty it.</summary>
    [Fact]
    public void No_window_hears_more_wrong_answers_than_it_has_room_for()
        => Gen.Select(Gen.Int[1, 6], Gen.Select(Gen.Int[0, 30], Gen.Bool).List[1, 80]).Sample((limit, tries) =>
        {
            var rules = new AttemptRules(new AttemptLimits { LockoutThreshold = 1_000_000, WrongPerWindow = limit, WrongWindow = TimeSpan.FromMinutes(1) });
            var (user, now, windowStart, inWindow) = (Fresh, Start, DateTimeOffset.MinValue, 0);
            foreach (var (seconds, right) in tries)
            {
                now += TimeSpan.FromSeconds(seconds);
                if (rules.WrongFullUntil(user, now) is { } until)
                {
                    Assert.Equal(windowStart + TimeSpan.FromMinutes(1), until);
                    Assert.Equal(limit, inWindow);
                    continue;
                }
                var counted = rules.Count(user, now);
                user = right ? AttemptRules.Succeed(counted, user) : counted;
                if (right) continue;
                if (now >= windowStart + TimeSpan.FromMinutes(1)) (windowStart, inWindow) = (now, 0);
                Assert.True(++inWindow <= limit, "a full window heard another answer");
            }
        });

    [Fact]
    public void Passwords_are_counted_apart_from_passcodes()
    {
        var rules = new AttemptRules(new AttemptLimits { LockoutThreshold = 3, PasswordLockoutThreshold = 3 });
        var user = rules.WrongPassword(rules.WrongPassword(Fresh, Start), Start);
        user = rules.LockWhenDue(rules.Count(rules.LockWhenDue(rules.Count(user, Start), Start), Start), Start);

        Assert.Equal(UserStatus.Active, user.Status);
        Assert.Equal(UserStatus.LockedOut, rules.WrongPassword(user, Start).Status);
        Assert.Equal(UserStatus.LockedOut, rules.LockWhenDue(rules.Count(user, Start), Start).Status);
    }

    [Fact]
    public void A_lock_ends_to_the_status_that_it_covered()
    {
        var rules = new AttemptRules(new AttemptLimits { LockoutThreshold = 1, LockoutDuration = TimeSpan.FromMinutes(10) });
        var locked = rules.LockWhenDue(rules.Count(Fresh with { Status = UserStatus.PasswordExpired }, Start), Start);

        Assert.Equal(UserStatus.LockedOut, rules.EndLock(locked, Start.AddMinutes(10).AddSeconds(-1)).Status);
        var ended = rules.EndLock(locked, Start.AddMinutes(10));
        Assert.Equal((UserStatus.PasswordExpired, default(AttemptCounts)), (ended.Status, ended.Attempts));
    }
}
