namespace Countersign.Console.Organization;

/// <summary>A kind of factor that the organization can switch on and off.</summary>
internal sealed record OrganizationFactor
{
    /// <summary>The contract's name, as <c>okta_sms</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The provider.</summary>
    public string Provider { get; set; } = "";

    /// <summary>The factor type.</summary>
    public string FactorType { get; set; } = "";

    /// <summary><c>ACTIVE</c>, <c>INACTIVE</c>, <c>NOT_SETUP</c> or <c>PENDING_ACTIVATION</c>.</summary>
    public string Status { get; set; } = "";
}
