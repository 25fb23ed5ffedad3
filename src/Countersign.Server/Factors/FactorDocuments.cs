using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Factors.Question;
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
    public static IResult Verification(Factor factor, Verification verification, UserUrls urls)
    {
        if (ReferenceEquals(verification, Countersign.Factors.Verification.Success)) return Success;
        var document = new JsonObject { ["factorResult"] = verification.Result.Name };
        if (verification.Profile is { } profile) document["profile"] = profile;
        if (verification.Result == FactorResult.Challenge)
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
            links["activate"] = Hal.Link(self + "/lifecycle/activate", "POST");
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
