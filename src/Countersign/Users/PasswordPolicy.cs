using System.Security.Cryptography;

namespace Countersign.Users;

/// <summary>The default password policy (contract 6.3): at least 8 characters, upper, lower and digit, no part of the login.</summary>
public static class PasswordPolicy
{
    /// <summary>The fewest characters.</summary>
    public const int MinLength = 8;
    /// <summary>The most characters.</summary>
    public const int MaxLength = 256;

    private const int TemporaryLength = 12, ShortestPart = 4;
    // Without characters that are taken for one another: a temporary password is read aloud and typed.
    private const string Upper = "ABCDEFGHJKLMNPQRSTUVWXYZ", Lower = "abcdefghijkmnpqrstuvwxyz", Digits = "23456789";

    /// <summary>Whether a user with this login may have the password. Parts of a login are what stands between its punctuation, from four characters on.</summary>
    public static bool Accepts(string password, string login)
        => password.Length is >= MinLength and <= MaxLength
            && password.Any(char.IsUpper) && password.Any(char.IsLower) && password.Any(char.IsDigit)
            && !login.Split(['@', '.', ',', '-', '_', '#', '+'], StringSplitOptions.RemoveEmptyEntries)
                .Any(part => part.Length >= ShortestPart && password.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>A password that satisfies the policy, drawn at random (about 69 bits).</summary>
    public static string NewTemporary(string login)
    {
        while (true)
        {
            var password = RandomNumberGenerator.GetString(Upper + Lower + Digits, TemporaryLength);
            if (Accepts(password, login)) return password;
        }
    }
}
