using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Countersign.Identifiers;
using Countersign.Organization;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;

namespace Countersign.Server.Organization;

/// <summary>The body that makes or renames a custom TOTP profile (contract 12.2).</summary>
internal sealed record HotpProfileRequest
{
    /// <summary>The profile's name, 1 to 100 characters.</summary>
    public string? Name { get; init; }
    /// <summary>Whether it is the organisation's default.</summary>
    public bool Default { get; init; }
    /// <summary>How its tokens compute passcodes; cannot be changed later.</summary>
    public HotpProfileSettings? Settings { get; init; }
}

/// <summary>How tokens compute passcodes (contract 12.2).</summary>
internal sealed record HotpProfileSettings
{
    /// <summary>By time, or by counter.</summary>
    public bool TimeBased { get; set; } = true;
    /// <summary>6, 8 or 10 digits.</summary>
    public int OtpLength { get; set; } = 6;
    /// <summary>15, 30 or 60 seconds.</summary>
    public int TimeStep { get; set; } = 30;
    /// <summary>3, 5 or 10 steps each way, or counters ahead.</summary>
    public int AcceptableAdjacentIntervals { get; set; } = 3;
    /// <summary><c>base32</c>, <c>base64</c> or <c>hexadecimal</c>.</summary>
    public string Encoding { get; set; } = "base32";
    /// <summary><c>HMacSHA1</c>, <c>HMacSHA256</c> or <c>HMacSHA512</c>.</summary>
    public string HmacAlgorithm { get; set; } = "HMacSHA1";
}

/// <summary>The custom TOTP profiles (contract 12.2).</summary>
internal static class HotpProfileEndpoints
{
    private const int MaxNameLength = 100;
    private const int MostProfiles = 100;
    private static readonly string[] Algorithms = ["HMacSHA1", "HMacSHA256", "HMacSHA512"];

    public static void MapHotpProfiles(this IEndpointRouteBuilder routes)
    {
        var profiles = routes.MapGroup("/api/v1/org/factors/hotp/profiles").WithTags("Custom TOTP profiles").InRateLimitGroup("Org");
        profiles.MapGet("/", ListAsync).WithName("ListHotpProfiles").RequireScope("okta.factors.read").Answers<HotpProfileShape[]>();
        profiles.MapPost("/", CreateAsync).WithName("CreateHotpProfile").RequireScope("okta.factors.manage").TakesBody<HotpProfileRequest>().Answers<HotpProfileShape>();
        profiles.MapGet("/{profileId}", GetAsync).WithName("GetHotpProfile").RequireScope("okta.factors.read").Answers<HotpProfileShape>();
        profiles.MapPut("/{profileId}", RenameAsync).WithName("RenameHotpProfile").RequireScope("okta.factors.manage").TakesBody<HotpProfileRequest>().Answers<HotpProfileShape>();
        profiles.MapDelete("/{profileId}", Delete).WithName("DeleteHotpProfile").RequireScope("okta.factors.manage").Produces<ErrorShape>(StatusCodes.Status501NotImplemented, "application/json");
    }

    /// <summary>Lists the custom TOTP profiles.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IOrganizationStore organizations)
    {
        var organization = await organizations.GetAsync(http.RequestAborted);
        return new JsonResult(new JsonArray([.. organization.HotpProfiles.Values.OrderBy(profile => profile.Id, StringComparer.Ordinal).Select(Document)]));
    }

    /// <summary>Makes a custom TOTP profile.</summary>
    internal static async Task<IResult> CreateAsync(HttpContext http, IOrganizationStore organizations, TimeProvider clock)
    {
        if (await http.ReadAsync(ApiJson.Default.HotpProfileRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (Check(body) is { } error) return error.ToResult();
        var settings = body.Settings ?? new HotpProfileSettings();
        var profile = new HotpProfile
        {
            Id = Identifier.New(HotpProfile.IdPrefix, clock.GetUtcNow()),
            Name = body.Name!,
            IsDefault = body.Default,
            TimeBased = settings.TimeBased,
            OtpLength = settings.OtpLength,
            TimeStep = settings.TimeStep,
            AcceptableAdjacentIntervals = settings.AcceptableAdjacentIntervals,
            Encoding = settings.Encoding,
            Algorithm = (OtpAlgorithm)Array.IndexOf(Algorithms, settings.HmacAlgorithm),
        };
        return await organizations.ChangeAsync<IResult>((organization, _) => organization.HotpProfiles.Count >= MostProfiles
            ? new(ApiErrors.Validation("hotpProfile", $"There may be at most {MostProfiles} profiles.").ToResult())
            : new(new JsonResult(Document(profile)), organization with { HotpProfiles = organization.HotpProfiles.SetItem(profile.Id, profile) }), http.RequestAborted);
    }

    /// <summary>Shows a custom TOTP profile.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string profileId, IOrganizationStore organizations)
        => (await organizations.GetAsync(http.RequestAborted)).HotpProfiles.TryGetValue(profileId, out var profile)
            ? new JsonResult(Document(profile))
            : ApiErrors.NotFound(profileId, "FactorProfile").ToResult();

    /// <summary>Renames a custom TOTP profile; nothing else of it can be changed.</summary>
    internal static async Task<IResult> RenameAsync(HttpContext http, string profileId, IOrganizationStore organizations)
    {
        if (await http.ReadAsync(ApiJson.Default.HotpProfileRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        return await organizations.ChangeAsync<IResult>((organization, _) =>
        {
            if (!organization.HotpProfiles.TryGetValue(profileId, out var profile)) return new(ApiErrors.NotFound(profileId, "FactorProfile").ToResult());
            if (CheckName(body.Name) is { } error) return new(error.ToResult());
            var renamed = profile with { Name = body.Name! };
            return new(new JsonResult(Document(renamed)), organization with { HotpProfiles = organization.HotpProfiles.SetItem(profileId, renamed) });
        }, http.RequestAborted);
    }

    /// <summary>Not possible: factors compute their passcodes as their profile said.</summary>
    internal static IResult Delete(string profileId) => ApiErrors.Unsupported.ToResult();

    private static ApiError? Check(HotpProfileRequest body)
    {
        if (CheckName(body.Name) is { } error) return error;
        var settings = body.Settings ?? new HotpProfileSettings();
        return settings.OtpLength is not (6 or 8 or 10) ? Invalid("otpLength")
            : settings.TimeStep is not (15 or 30 or 60) ? Invalid("timeStep")
            : settings.AcceptableAdjacentIntervals is not (3 or 5 or 10) ? Invalid("acceptableAdjacentIntervals")
            : settings.Encoding is not ("base32" or "base64" or "hexadecimal") ? Invalid("encoding")
            : !Algorithms.Contains(settings.HmacAlgorithm) ? Invalid("hmacAlgorithm")
            : null;
    }

    private static ApiError? CheckName(string? name)
        => string.IsNullOrWhiteSpace(name) ? ApiErrors.Blank("name") : name.Length > MaxNameLength ? Invalid("name") : null;

    private static ApiError Invalid(string field) => ApiErrors.Validation(field, "The field has an invalid value");

    private static JsonObject Document(HotpProfile profile) => new()
    {
        ["id"] = profile.Id,
        ["name"] = profile.Name,
        ["default"] = profile.IsDefault,
        ["settings"] = new JsonObject
        {
            ["timeBased"] = profile.TimeBased,
            ["otpLength"] = profile.OtpLength,
            ["timeStep"] = profile.TimeStep,
            ["acceptableAdjacentIntervals"] = profile.AcceptableAdjacentIntervals,
            ["encoding"] = profile.Encoding,
            ["hmacAlgorithm"] = Algorithms[(int)profile.Algorithm],
        },
    };
}
