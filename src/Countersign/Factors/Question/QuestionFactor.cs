using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Hashing;
using Countersign.Links;
using Countersign.Organization;

namespace Countersign.Factors.Question;

/// <summary>
/// The security question (contract 9.1). Answers are compared without regard to case and outer blanks, and stored as a memory-hard hash, which is made and
/// checked in the step between load and decide.
/// </summary>
internal sealed class QuestionFactor(MemoryHardHash hashes) : FactorKind
{
    private const int MinAnswerLength = 4, MaxAnswerLength = 100, MaxQuestionLength = 200;

    public override string FactorType => "question";
    public override string Provider => "OKTA";
    public override string OrgFactor => "okta_question";
    public override string IdPrefix => "ufs";
    public override int ListOrder => 20;
    public override string DisplayName => "Security Question";
    public override string LogName => "SECURITY_QUESTION_FACTOR";

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
        => Answered(request.Profile, NewFactor(FactorStatus.Active, default, context.Now), context);

    public override FactorDecision Update(Factor factor, EnrollRequest request, in FactorContext context)
        => Answered(request.Profile, factor with { LastUpdated = context.Now.ToWholeSeconds() }, context);

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context)
    {
        if (string.IsNullOrWhiteSpace(request.Answer)) return FactorDecision.Refuse(Refusal.AnswerMissing);
        var data = QuestionData.Read(factor);
        // The comparison was made with the answer as it was loaded then; if that was changed since, compare again.
        if (context.Answer is not Compared compared || compared.Stored != data.AnswerHash)
            return new FactorDecision.Ask(new Compare(Normalize(request.Answer), data.AnswerHash));
        return compared.IsRight switch
        {
            true => new FactorDecision.Answered(factor, Verification.Success),
            false => FactorDecision.Wrong(Refusal.WrongAnswer),
            null => FactorDecision.Refuse(Refusal.Busy),
        };
    }

    public override async ValueTask<object?> AskAsync(object question, CancellationToken cancellationToken) => question switch
    {
        Hash hash => new Hashed(await hashes.HashAsync(hash.Answer, cancellationToken)),
        Compare compare => new Compared(compare.Stored, await hashes.VerifyAsync(compare.Answer, compare.Stored, cancellationToken)),
        _ => throw new ArgumentException($"{question.GetType().Name} is nothing that this kind asks", nameof(question)),
    };

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
    {
        var data = QuestionData.Read(factor);
        var self = urls.Factor(factor.Id.Value);
        return new FactorView
        {
            Profile = new JsonObject { ["question"] = data.Question, ["questionText"] = data.Text ?? SecurityQuestions.TextOf(data.Question) },
            Links = new JsonObject
            {
                ["questions"] = Hal.Link(urls.Questions, "GET"),
                ["self"] = Hal.Link(self, "GET", "DELETE"),
                ["user"] = Hal.Link(urls.User, "GET"),
            },
        };
    }

    /// <summary>The factor with the question and answer of a profile, once the answer's hash is known.</summary>
    private static FactorDecision Answered(JsonObject? profile, Factor factor, in FactorContext context)
    {
        if (!profile.TryReadText("question", 1, 100, out var question) || question is null
            || !profile.TryReadText("answer", 0, MaxAnswerLength, out var answer) || answer is null
            || !profile.TryReadText("questionText", 1, MaxQuestionLength, out var text)) return FactorDecision.Refuse(Refusal.InvalidProfile);
        var own = question == SecurityQuestions.Custom;
        text = own ? text : SecurityQuestions.TextOf(question);
        if (text is null) return FactorDecision.Refuse(Refusal.InvalidProfile);
        var normalized = Normalize(answer);
        if (normalized.Length < MinAnswerLength) return FactorDecision.Refuse(Refusal.AnswerTooShort);
        if (Normalize(text).Contains(normalized, StringComparison.Ordinal)) return FactorDecision.Refuse(Refusal.AnswerInQuestion);
        return context.Answer switch
        {
            Hashed { Value: { } hash } => new FactorDecision.Becomes(factor with { Data = new QuestionData(question, own ? text : null, hash).Write() }),
            Hashed => FactorDecision.Refuse(Refusal.Busy),
            _ => new FactorDecision.Ask(new Hash(normalized)),
        };
    }

    private static string Normalize(string answer) => answer.Trim().ToLowerInvariant();

    private sealed record Hash(string Answer);
    private sealed record Hashed(string? Value);
    private sealed record Compare(string Answer, string Stored);
    private sealed record Compared(string Stored, bool? IsRight);
}

/// <summary>The state of a question factor.</summary>
/// <param name="Question">The question's key.</param>
/// <param name="Text">The user's own question; null for a listed one.</param>
/// <param name="AnswerHash">The answer's hash.</param>
internal sealed record QuestionData(string Question, string? Text, string AnswerHash)
{
    public static QuestionData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, QuestionJson.Default.QuestionData)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, QuestionJson.Default.QuestionData);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QuestionData))]
internal sealed partial class QuestionJson : JsonSerializerContext;
