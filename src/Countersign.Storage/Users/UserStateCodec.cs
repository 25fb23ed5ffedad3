using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Attempts;
using Countersign.Factors;
using Countersign.Users;

namespace Countersign.Storage.Users;

/// <summary>
/// A user's state as the JSON document that is stored. Written by hand, because every verification reads and writes one: short names, instants as
/// unix seconds, and a factor's data copied as it stands. Documents are filled up with blanks, so that a verification hardly ever changes their
/// length: a row of the same length is written in its place, a longer one moves its neighbours.
/// </summary>
internal static class UserStateCodec
{
    // Bytes. What the time of a first wrong answer takes is kept free from the beginning.
    private const int Multiple = 128, RoomForWrong = 10;

    public static void Write(UserState user, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("login"u8, user.Login);
        writer.WriteString("name"u8, user.DisplayName);
        if (user.StatusChanged is { } changed) writer.WriteNumber("changed"u8, changed.ToUnixTimeSeconds());
        if (user.StatusBeforeLock is { } before) writer.WriteString("beforeLock"u8, before.Name);
        if (user.Language is { } language) writer.WriteString("lang"u8, language);
        if (user.KnownPhone is { } phone) writer.WriteString("phone"u8, phone);
        WriteAttempts(writer, user.Attempts);
        if (!user.Factors.IsEmpty)
        {
            writer.WriteStartArray("factors"u8);
            foreach (var factor in user.Factors) WriteFactor(writer, factor);
            writer.WriteEndArray();
        }
        if (!user.SpentSecrets.IsEmpty)
        {
            writer.WriteStartArray("spent"u8);
            foreach (var spent in user.SpentSecrets)
            {
                writer.WriteStartObject();
                writer.WriteString("print"u8, spent.Fingerprint);
                writer.WriteNumber("counter"u8, spent.Counter);
                if (spent.ForgetAfter is { } after) writer.WriteNumber("until"u8, after);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        if (!user.KeptAnswers.IsEmpty)
        {
            writer.WriteStartArray("kept"u8);
            foreach (var kept in user.KeptAnswers) WriteKept(writer, kept);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writer.Flush();
        Fill(output, (int)writer.BytesCommitted, user.Attempts.Wrong == default ? RoomForWrong : 0);
    }

    public static byte[] Write(UserState user)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Write(user, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static UserState Read(UserId id, long version, UserStatus status, ReadOnlyMemory<byte> document)
    {
        var reader = new Utf8JsonReader(document.Span);
        string login = "", name = "";
        string? language = null, phone = null;
        DateTimeOffset? changed = null;
        UserStatus? before = null;
        AttemptCounts attempts = default;
        ImmutableArray<Factor> factors = [];
        ImmutableArray<SpentSecret> spent = [];
        ImmutableArray<KeptAnswer> kept = [];
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "login"u8)) login = reader.GetString()!;
            else if (Is(ref reader, "name"u8)) name = reader.GetString()!;
            else if (Is(ref reader, "changed"u8)) changed = DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64());
            else if (Is(ref reader, "beforeLock"u8)) before = UserStatuses.Parse(reader.GetString()!);
            else if (Is(ref reader, "lang"u8)) language = reader.GetString();
            else if (Is(ref reader, "phone"u8)) phone = reader.GetString();
            else if (Is(ref reader, "attempts"u8)) attempts = ReadAttempts(ref reader);
            else if (Is(ref reader, "factors"u8)) factors = ReadFactors(ref reader, document);
            else if (Is(ref reader, "spent"u8)) spent = ReadSpent(ref reader);
            else if (Is(ref reader, "kept"u8)) kept = ReadKept(ref reader);
            else Skip(ref reader);
        }
        return new UserState
        {
            Id = id,
            Version = version,
            Status = status,
            StatusChanged = changed,
            StatusBeforeLock = before,
            Login = login,
            DisplayName = name,
            Language = language,
            KnownPhone = phone,
            Attempts = attempts,
            Factors = factors,
            SpentSecrets = spent,
            KeptAnswers = kept,
        };
    }

    private static void Fill(IBufferWriter<byte> output, int length, int room)
    {
        var blanks = (length + room + Multiple - 1) / Multiple * Multiple - length;
        output.GetSpan(blanks)[..blanks].Fill((byte)' ');
        output.Advance(blanks);
    }

    private static void WriteAttempts(Utf8JsonWriter writer, AttemptCounts attempts)
    {
        if (attempts == default) return;
        writer.WriteStartArray("attempts"u8);
        writer.WriteNumberValue(attempts.WrongInARow);
        writer.WriteNumberValue(attempts.WrongPasswordsInARow);
        writer.WriteNumberValue(attempts.Wrong.StartedAt);
        writer.WriteNumberValue(attempts.Wrong.Count);
        writer.WriteNumberValue(attempts.Activations.StartedAt);
        writer.WriteNumberValue(attempts.Activations.Count);
        writer.WriteEndArray();
    }

    private static AttemptCounts ReadAttempts(ref Utf8JsonReader reader)
    {
        Span<long> numbers = stackalloc long[6];
        for (var i = 0; reader.Read() && reader.TokenType == JsonTokenType.Number; i++) numbers[i] = reader.GetInt64();
        return new((int)numbers[0], (int)numbers[1], new(numbers[2], (int)numbers[3]), new(numbers[4], (int)numbers[5]));
    }

    private static void WriteFactor(Utf8JsonWriter writer, Factor factor)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, factor.Id.Value);
        writer.WriteString("type"u8, factor.FactorType);
        writer.WriteString("provider"u8, factor.Provider);
        writer.WriteString("status"u8, factor.Status.Name);
        writer.WriteNumber("created"u8, factor.Created.ToUnixTimeSeconds());
        writer.WriteNumber("updated"u8, factor.LastUpdated.ToUnixTimeSeconds());
        writer.WritePropertyName("data"u8);
        writer.WriteRawValue(factor.Data.Span, skipInputValidation: true);
        writer.WriteEndObject();
    }

    private static ImmutableArray<Factor> ReadFactors(ref Utf8JsonReader reader, ReadOnlyMemory<byte> document)
    {
        var factors = ImmutableArray.CreateBuilder<Factor>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) factors.Add(ReadFactor(ref reader, document));
        return factors.DrainToImmutable();
    }

    private static Factor ReadFactor(ref Utf8JsonReader reader, ReadOnlyMemory<byte> document)
    {
        string id = "", type = "", provider = "";
        FactorStatus status = default;
        long created = 0, updated = 0;
        ReadOnlyMemory<byte> data = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "id"u8)) id = reader.GetString()!;
            else if (Is(ref reader, "type"u8)) type = FactorNames.Intern(reader.ValueSpan);
            else if (Is(ref reader, "provider"u8)) provider = FactorNames.Intern(reader.ValueSpan);
            else if (Is(ref reader, "status"u8)) status = FactorStatuses.Parse(reader.GetString()!);
            else if (Is(ref reader, "created"u8)) created = reader.GetInt64();
            else if (Is(ref reader, "updated"u8)) updated = reader.GetInt64();
            else if (Is(ref reader, "data"u8))
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                data = document[start..(int)reader.BytesConsumed];
            }
            else Skip(ref reader);
        }
        return new Factor
        {
            Id = new FactorId(id),
            FactorType = type,
            Provider = provider,
            Status = status,
            Created = DateTimeOffset.FromUnixTimeSeconds(created),
            LastUpdated = DateTimeOffset.FromUnixTimeSeconds(updated),
            Data = data,
        };
    }

    private static ImmutableArray<SpentSecret> ReadSpent(ref Utf8JsonReader reader)
    {
        var all = ImmutableArray.CreateBuilder<SpentSecret>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var print = "";
            long counter = -1;
            long? until = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (Is(ref reader, "print"u8)) print = reader.GetString()!;
                else if (Is(ref reader, "counter"u8)) counter = reader.GetInt64();
                else if (Is(ref reader, "until"u8)) until = reader.GetInt64();
                else Skip(ref reader);
            }
            all.Add(new SpentSecret(print, counter, until));
        }
        return all.DrainToImmutable();
    }

    private static void WriteKept(Utf8JsonWriter writer, KeptAnswer kept)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, kept.Key);
        writer.WriteString("factor"u8, kept.Factor);
        if (kept.Result is { } result) writer.WriteString("result"u8, result.ToString());
        if (kept.Refusal is { } refusal) writer.WriteString("refusal"u8, refusal.ToString());
        if (kept.Transaction is { } transaction) writer.WriteString("transaction"u8, transaction);
        if (kept.Expires != 0) writer.WriteNumber("expires"u8, kept.Expires);
        writer.WriteNumber("until"u8, kept.Until);
        writer.WriteEndObject();
    }

    private static ImmutableArray<KeptAnswer> ReadKept(ref Utf8JsonReader reader)
    {
        var all = ImmutableArray.CreateBuilder<KeptAnswer>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string key = "", factor = "";
            string? transaction = null;
            FactorResult? result = null;
            Refusal? refusal = null;
            long expires = 0, until = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (Is(ref reader, "key"u8)) key = reader.GetString()!;
                else if (Is(ref reader, "factor"u8)) factor = reader.GetString()!;
                else if (Is(ref reader, "result"u8)) result = Enum.Parse<FactorResult>(reader.GetString()!);
                else if (Is(ref reader, "refusal"u8)) refusal = Enum.Parse<Refusal>(reader.GetString()!);
                else if (Is(ref reader, "transaction"u8)) transaction = reader.GetString();
                else if (Is(ref reader, "expires"u8)) expires = reader.GetInt64();
                else if (Is(ref reader, "until"u8)) until = reader.GetInt64();
                else Skip(ref reader);
            }
            // One that says nothing is none: whoever asks again is served anew.
            if (result is not null || refusal is not null) all.Add(new KeptAnswer(key, factor, result, refusal, transaction, expires, until));
        }
        return all.DrainToImmutable();
    }

    /// <summary>Whether the property is this one; if so, moves on to its value.</summary>
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.ValueTextEquals(name) && reader.Read();

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
