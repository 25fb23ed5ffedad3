using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Factors.Transactions;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Sealing;
using Countersign.Users;

namespace Countersign.Factors.Duo;

/// <summary>
/// Duo Security (contract 9.13): the user answers on Duo's page or on a device that Duo asks, and Duo says what the answer was. What it is asked is asked in the step between
/// load and decide.
/// </summary>
internal sealed class DuoFactor(IVault vault, IDuo duo) : OutOfBandFactor
{
    /// <summary>The first characters of its factors' ids.</summary>
    public const string Prefix = "dsf";

    private const string StatePurpose = "duo/state", NoncePurpose = "duo/nonce";
    private const int LongestCode = 1_024;
    private const string DuosTransaction = "txid";

    public override string FactorType => "web";
    public override string Provider => "DUO";
    public override string OrgFactor => "duo";
    public override string IdPrefix => Prefix;
    public override int ListOrder => 120;
    public override string DisplayName => "Duo Security";
    public override string LogName => "DUO_SECURITY";
    public override bool IsAvailable => duo.IsConfigured;

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
        => Enroll(new DuoData { CredentialId = context.User.Login }, pending, context);

    /// <summary>Reads what was given to Duo's page and comes back with the answer (<c>state</c>); null when it is none of ours.</summary>
    public static TransactionTicket? ReadState(string text, IVault vault) => TransactionTicket.Read(text, StatePurpose, Prefix, vault);

    /// <summary>The user comes back from Duo's page; what they answered is asked of Duo.</summary>
    public override FactorDecision Complete(Factor factor, RedirectAnswer answer, in FactorContext context)
    {
        // The wrong, the used, the late and another's: all look the same.
        if (ReadState(answer.State, vault) is not { } state || state.User != context.User.Id || state.Factor != factor.Id
            || FindOpen(factor, state.Transaction, context.Now) is not { } transaction) return FactorDecision.Refuse(Refusal.LinkUsed);
        if (answer.Code is { Length: > LongestCode }) return FactorDecision.Refuse(Refusal.BackEndRefused);
        if (answer.Code is not { } code) return End(factor, transaction, FactorResult.Rejected, context.Now);
        var question = new DuoQuestion.Exchange(code, Data(factor).CredentialId, state.Hash(NoncePurpose, vault));
        return Judge(factor, transaction, question, context);
    }

    public override async ValueTask<object?> AskAsync(object question, CancellationToken cancellationToken)
        => new Asked((DuoQuestion)question, await duo.AskAsync((DuoQuestion)question, cancellationToken));

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
    {
        var data = Data(factor);
        var view = new FactorView { Profile = Profile(data), IsPolled = true };
        if (factor.Status != FactorStatus.PendingActivation || data.Activation is not { } activation) return view;
        return view with { Activation = Shown(factor, activation, data, urls, "lifecycle") };
    }

    public override JsonObject? ViewTransaction(Factor factor, FactorTransaction transaction, UserUrls urls)
        => new() { ["verification"] = Shown(factor, transaction, Data(factor), urls, "verify") };

    protected override OutOfBandData Read(Factor factor) => Data(factor);

    protected override byte[] Write(OutOfBandData data) => JsonSerializer.SerializeToUtf8Bytes((DuoData)data, DuoJson.Default.DuoData);

    protected override JsonObject Profile(OutOfBandData data) => new() { ["credentialId"] = ((DuoData)data).CredentialId };

    protected override FactorDecision? Begin(ref OutOfBandData data, VerifyRequest? challenge, in FactorContext context, out JsonObject? own)
    {
        own = null;
        var question = new DuoQuestion.Begin(((DuoData)data).CredentialId);
        switch (Reply(question, context))
        {
            case null:
                return new FactorDecision.Ask(question);
            case DuoReply.Begun begun:
                if (begun.Transaction is { } id) own = new JsonObject { [DuosTransaction] = id };
                return null;
            case DuoReply.Silent:
                return FactorDecision.Refuse(Refusal.BackEndSilent);
            default:
                return FactorDecision.Refuse(Refusal.BackEndRefused);
        }
    }

    protected override FactorDecision Look(Factor factor, FactorTransaction transaction, in FactorContext context)
        => duo.UsesPrompt || transaction.Own?[DuosTransaction] is not { } id ? Tell(factor, transaction)
            : Judge(factor, transaction, new DuoQuestion.Status((string)id!), context);

    private FactorDecision Judge(Factor factor, FactorTransaction transaction, DuoQuestion question, in FactorContext context) => Reply(question, context) switch
    {
        null => new FactorDecision.Ask(question),
        DuoReply.Allowed => End(factor, transaction, FactorResult.Success, context.Now),
        DuoReply.Denied => End(factor, transaction, FactorResult.Rejected, context.Now),
        DuoReply.TimedOut => End(factor, transaction, FactorResult.Timeout, context.Now),
        DuoReply.Waiting => Tell(factor, transaction),
        DuoReply.Silent => FactorDecision.Refuse(Refusal.BackEndSilent),
        _ => FactorDecision.Refuse(Refusal.BackEndRefused),
    };

    /// <summary>The reply to this very question; null when it was not asked. What was asked of an earlier state says nothing of this one.</summary>
    private static DuoReply? Reply(DuoQuestion question, in FactorContext context) => context.Answer is Asked asked && asked.Question == question ? asked.Reply : null;

    /// <summary>How a transaction stands, in the shape that the contract gives an activation (9.13).</summary>
    private JsonObject Shown(Factor factor, FactorTransaction transaction, DuoData data, UserUrls urls, string operation)
    {
        var shown = new JsonObject { ["host"] = duo.Host, ["factorResult"] = transaction.Result.Name };
        if (transaction.Result != FactorResult.Waiting) return shown;
        shown["expiresAt"] = transaction.ExpiresAt.ToTimestamp();
        if (!duo.UsesPrompt) return shown;
        var state = new TransactionTicket(new UserId(urls.UserId), factor.Id, transaction.Id);
        var prompt = duo.PromptAt(new DuoPrompt(data.CredentialId, state.Write(StatePurpose, vault), state.Hash(NoncePurpose, vault), transaction.ExpiresAt));
        shown["_links"] = new JsonObject
        {
            ["complete"] = Hal.Link($"{urls.Factor(factor.Id.Value)}/{operation}/duoCallback", "POST"),
            ["prompt"] = new JsonObject { ["href"] = prompt.AbsoluteUri, ["type"] = "text/html" },
        };
        return shown;
    }

    private static DuoData Data(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, DuoJson.Default.DuoData)!;

    private sealed record Asked(DuoQuestion Question, DuoReply Reply);
}

/// <summary>The state of a Duo factor.</summary>
internal sealed record DuoData : OutOfBandData
{
    /// <summary>The user's name at Duo: the login at the time of the enrollment. It stays when the login changes.</summary>
    public required string CredentialId { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DuoData))]
internal sealed partial class DuoJson : JsonSerializerContext;
