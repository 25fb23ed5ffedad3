namespace Countersign.Integrations.Catalog.Documents;

/// <summary>A document that cannot be taken, and where in it the reason stands.</summary>
public sealed class DocumentException(string place, string reason) : Exception(reason)
{
    /// <summary>A JSON pointer with <c>#</c>, or a line and column; empty when it is the whole.</summary>
    public string Place { get; } = place;
}
