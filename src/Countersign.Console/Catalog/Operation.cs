using System.Text.Json;

namespace Countersign.Console.Catalog;

/// <summary>All that the reference page of an operation shows. Members named <c>…Html</c> have been made safe by the server.</summary>
public sealed record Operation
{
    /// <summary><c>{api}/{method}/{slug}</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public ApiName Api { get; set; } = new();

    /// <summary>The HTTP method in capitals.</summary>
    public string Method { get; set; } = "";

    /// <summary>The path template.</summary>
    public string Path { get; set; } = "";

    /// <summary>A few words.</summary>
    public string? Title { get; set; }

    /// <summary>One line.</summary>
    public string? Summary { get; set; }

    /// <summary>The description.</summary>
    public string? DescriptionHtml { get; set; }

    /// <summary>Whether its provider advises against it.</summary>
    public bool Deprecated { get; set; }

    /// <summary>The groups that its document puts it into.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>Where it is served.</summary>
    public ApiServer[] Servers { get; set; } = [];

    /// <summary>What goes into path, headers, query and cookies.</summary>
    public OperationParameters Parameters { get; set; } = new();

    /// <summary>What is sent; null when nothing is.</summary>
    public OperationBody? Body { get; set; }

    /// <summary>What may be answered.</summary>
    public OperationResponse[] Responses { get; set; } = [];

    /// <summary>The ways to say who asks.</summary>
    public ApiAuthentication[] Authentication { get; set; } = [];

    /// <summary>More to read elsewhere.</summary>
    public ExternalDocs? ExternalDocs { get; set; }

    internal string Words => Title is { Length: > 0 } title ? title : $"{Method} {Path}";
}

/// <summary>An address that serves an API; <c>{name}</c> in it stands for a variable.</summary>
public sealed record ApiServer
{
    /// <summary>The address.</summary>
    public string Url { get; set; } = "";

    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <summary>What can be put into the address.</summary>
    public ServerVariable[] Variables { get; set; } = [];
}

/// <summary>A part of a server's address that differs from customer to customer.</summary>
public sealed record ServerVariable
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>What stands there unless something else is said.</summary>
    public string? Default { get; set; }

    /// <summary>The only values allowed; empty for any.</summary>
    public IReadOnlyList<string> Enum { get; set; } = [];

    /// <summary>What it means.</summary>
    public string? Description { get; set; }
}

/// <summary>An operation's parameters by where they go.</summary>
public sealed record OperationParameters
{
    /// <summary>In the path.</summary>
    public ApiField[] Path { get; set; } = [];

    /// <summary>In headers.</summary>
    public ApiField[] Header { get; set; } = [];

    /// <summary>In the query.</summary>
    public ApiField[] Query { get; set; } = [];

    /// <summary>In cookies.</summary>
    public ApiField[] Cookie { get; set; } = [];
}

/// <summary>What an operation is sent.</summary>
public sealed record OperationBody
{
    /// <summary>Whether it must be there.</summary>
    public bool Required { get; set; }

    /// <summary>What it is.</summary>
    public string? DescriptionHtml { get; set; }

    /// <summary>Its forms by content type.</summary>
    public ApiContent[] Contents { get; set; } = [];
}

/// <summary>A body of one content type.</summary>
public sealed record ApiContent
{
    /// <summary>As <c>application/json</c>.</summary>
    public string ContentType { get; set; } = "";

    /// <summary>What it is as a whole, as <c>Object</c> or <c>Array of String</c>.</summary>
    public string? Type { get; set; }

    /// <summary>Its fields.</summary>
    public ApiField[] Fields { get; set; } = [];

    /// <summary>Whole bodies to look at.</summary>
    public ApiExample[] Examples { get; set; } = [];
}

/// <summary>A body to look at.</summary>
public sealed record ApiExample
{
    /// <summary>What it shows.</summary>
    public string? Name { get; set; }

    /// <summary>The body.</summary>
    public JsonElement Value { get; set; }
}

/// <summary>What an operation may answer.</summary>
public sealed record OperationResponse
{
    /// <summary>The status code, <c>4XX</c> or <c>default</c>.</summary>
    public string Status { get; set; } = "";

    /// <summary>When it is answered.</summary>
    public string? DescriptionHtml { get; set; }

    /// <summary>Its headers.</summary>
    public ApiField[] Headers { get; set; } = [];

    /// <summary>Its bodies by content type.</summary>
    public ApiContent[] Contents { get; set; } = [];
}

/// <summary>A way to say who asks.</summary>
public sealed record ApiAuthentication
{
    /// <summary>What the document calls it.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>apiKey</c>, <c>http</c>, <c>oauth2</c>, <c>openIdConnect</c> or <c>mutualTLS</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary>Where an API key goes: <c>header</c>, <c>query</c> or <c>cookie</c>.</summary>
    public string? In { get; set; }

    /// <summary>The name of that header or parameter.</summary>
    public string? Parameter { get; set; }

    /// <summary>The HTTP scheme, as <c>bearer</c>.</summary>
    public string? Scheme { get; set; }

    /// <summary>What the token must allow.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>Where tokens come from.</summary>
    public string? TokenUrl { get; set; }

    /// <summary>What it is.</summary>
    public string? DescriptionHtml { get; set; }
}

/// <summary>A page elsewhere.</summary>
public sealed record ExternalDocs(string Url, string? Description = null);
