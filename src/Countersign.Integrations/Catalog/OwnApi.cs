namespace Countersign.Integrations.Catalog;

/// <summary>This server's own API in the catalog.</summary>
public static class OwnApi
{
    /// <summary>Its id: without a version, so that its links stay right when the product is updated.</summary>
    public const string Id = "countersign";
    /// <summary>The operation that comes first.</summary>
    public const string First = "VerifyFactor";
}
