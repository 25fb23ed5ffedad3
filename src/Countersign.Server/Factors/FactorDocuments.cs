using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Factors.Question;
using Countersign.Factors.Transactions;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Server.Json;
using Countersign.Server.Requests;
using Countersign.Users;

namespace Countersign.Server.Factors;

/// <summary>Renders factors and verification results (contract 7, 10).</summary>
internal sealed class FactorDocuments(FactorKinds kinds, PublicUrl publicUrl)
{
    private const string PhoneIdPrefix = "mbl";
    private static readonly ConstantJsonResult Success = new("""{"factorResult":"SUCCESS"}"""u8.ToArray());

    public UserUrls Urls(HttpContext http, UserId user) => new(publicUrl.Of(http), user.Value);

    /// <summary>A factor as the contract shows it (7).</summary>
    public JsonObject Factor(Factor factor, UserState user, OrganizationSettings organization, UserUrls urls, JsonObject? shownOnce = null)
    {
        var kind = kinds.Of(factor);
        var view = kind.View(factor, organization, urls);
        var document = new JsonObject
        {
            ["id"] = factor.Id.Value,
            ["factorType"] = factor.FactorType,
            ["provider"] = factor.Provider,
            ["vendorName"] = view.VendorName ?? factor.Provider,
            ["status"] = factor.Status.Name,
            ["created"] = factor.Created.ToTimestamp(),
            ["lastUpdated"] = factor.LastUpdated.ToTimestamp(),
        };
        if (view.Profile is { } profile) document["profile"] = profile;
        document["_links"] = view.Links ?? Links(factor, view, urls);
        if ((shownOnce ?? view.Activation ?? (factor.Status == FactorStatus.PendingActivation ? kind.ViewActivation(factor, user, organization) : null)) is { } activation)
            document["_embedded"] = new JsonObject { ["activation"] = activation };
        return document;
    }

    /// <summary>An entry of the catalogue (8.2).</summary>
    public static JsonObject CatalogEntry(FactorKind kind, bool isActive, UserState user, UserUrls urls)
    {
        var links = new JsonObject();
        if (kind.FactorType == "question") links["questions"] = Hal.Link(urls.Questions, "GET");
        links["enroll"] = Hal.Link(urls.Factors, "POST");
        var entry = new JsonObject
        {
            ["factorType"] = kind.FactorType,
            ["provider"] = kind.Provider,
            ["vendorName"] = kind.Provider,
            ["status"] = isActive ? "ACTIVE" : "NOT_SETUP",
            ["enrollment"] = "OPTIONAL",
            ["_links"] = links,
        };
        if (kind.FactorType is "sms" or "call" && user.KnownPhone is { } phone)
        {
            entry["_embedded"] = new JsonObject
            {
                ["phones"] = new JsonArray(new JsonObject
                {
                    ["id"] = PhoneIdPrefix + user.Id.Value[UserId.Prefix.Length..],   // a user has one number
                    ["profile"] = new JsonObject { ["phoneNumber"] = phone },
                    ["status"] = "ACTIVE",
                }),
            };
        }
        return entry;
    }

    /// <summary>The security questions (8.3).</summary>
    public static JsonArray Questions() => [.. SecurityQuestions.Listed.Select(
        listed => (JsonNode)new JsonObject { ["question"] = listed.Question, ["questionText"] = listed.Text })];

    /// <summary>The answer of a verification (10).</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="verification">What became of it.</param>
    /// <param name="urls">Where the user's resources are.</param>
    /// <param name="whenWaiting">The status of an answer that says that another answer is waited for: a challenge has made something that can be polled (9.6).</param>
    public IResult Verification(Factor factor, Verification verification, UserUrls urls, int whenWaiting = StatusCodes.Status200OK)
    {
        if (ReferenceEquals(verification, Countersign.Factors.Verification.Success)) return Success;
        var document = new JsonObject { ["factorResult"] = verification.Result.Name };
        if (verification.Profile is { } profile) document["profile"] = profile;
        if (verification.Transaction is { Result: FactorResult.Waiting } transaction)
        {
            AddWaiting(document, factor, transaction, urls);
            return new JsonResult(document, whenWaiting);
        }
        if (verification.Result == FactorResult.Challenge || verification.Transaction is not null)
        {
            document["_links"] = new JsonObject
            {
                ["verify"] = Hal.Link(urls.Factor(factor.Id.Value) + "/verify", "POST"),
                ["factor"] = Hal.Link(urls.Factor(factor.Id.Value), "GET", "DELETE"),
            };
        }
        if (verification.Embedded is { } embedded) document["_embedded"] = embedded;
        return new JsonResult(document);
    }

    /// <summary>How the activation of a pending factor stands, as its polls say it (9.6).</summary>
    public IResult Activation(Factor factor, Verification verification, OrganizationSettings organization, UserUrls urls)
    {
        var activate = Hal.Link(urls.Factor(factor.Id.Value) + "/lifecycle/activate", "POST");
        if (verification.Result != FactorResult.Waiting || kinds.Of(factor).View(factor, organization, urls).Activation is not { } activation)
            return new JsonResult(new JsonObject { ["factorResult"] = verification.Result.Name, ["_links"] = new JsonObject { ["activate"] = activate } });
        var links = activation["_links"] as JsonObject ?? [];
        links.Insert(0, "poll", activate);
        if (links.Parent is null) activation["_links"] = links;
        return new JsonResult(activation);
    }

    /// <summary>A transaction that waits (9.6). Its id is also outside of its links, which clients had to cut it out of.</summary>
    private void AddWaiting(JsonObject document, Factor factor, FactorTransaction transaction, UserUrls urls)
    {
        var self = $"{urls.Factor(factor.Id.Value)}/transactions/{transaction.Id}";
        document["expiresAt"] = transaction.ExpiresAt.ToTimestamp();
        document["transactionId"] = transaction.Id;
        document["_links"] = new JsonObject { ["cancel"] = Hal.Link(self, "DELETE"), ["poll"] = Hal.Link(self, "GET") };
        if (kinds.Of(factor).ViewTransaction(factor, transaction, urls) is { } embedded) document["_embedded"] = embedded;
    }

    /// <summary>The links that a factor's state gives it (7.3).</summary>
    private static JsonObject Links(Factor factor, FactorView view, UserUrls urls)
    {
        var self = urls.Factor(factor.Id.Value);
        var links = new JsonObject();
        if (factor.Status == FactorStatus.PendingActivation)
        {
            if (view.CanResend)
            {
                var resend = Hal.Link(self + "/resend", "POST");
                resend.Insert(0, "name", factor.FactorType);
                links["resend"] = new JsonArray(resend);
            }
            if (view.IsPolled) links["poll"] = Hal.Link(self + "/lifecycle/activate/poll", "POST");
            else links["activate"] = Hal.Link(self + "/lifecycle/activate", "POST");
            links["self"] = Hal.Link(self, "GET");
        }
        else
        {
            links["verify"] = Hal.Link(self + "/verify", "POST");
            links["self"] = Hal.Link(self, "GET", "DELETE");
        }
        links["user"] = Hal.Link(urls.User, "GET");
        return links;
    }
}
