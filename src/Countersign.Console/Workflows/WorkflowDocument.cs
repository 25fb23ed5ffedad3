using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Console.Workflows;

/// <summary>
/// A definition while it is edited. The text and the tree are the same document: whoever changes one gets the other anew, and
/// what the console knows nothing of stays as it is.
/// </summary>
internal sealed class WorkflowDocument
{
    private const int MostSteps = 100;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 256, AllowDuplicateProperties = false };

    // What the server sets and does not take.
    private static readonly string[] ServersOwn = ["createTime", "updateTime", "createdBy", "updatedBy", "ownerApp"];

    private readonly List<string> _undo = [], _redo = [];

    private WorkflowDocument(string text, JsonObject root) => (Text, Root) = (text, root);

    /// <summary>The document as text, as it was typed or, after a form has changed it, indented.</summary>
    public string Text { get; private set; }

    /// <summary>The tree of the last text that could be read; <see cref="Edit"/> alone changes it.</summary>
    public JsonObject Root { get; private set; }

    /// <summary>Why the text cannot be read; null when it can, and the tree is the text's.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether there is a change to take back.</summary>
    public bool CanUndo => _undo.Count > 0;

    /// <summary>Whether a change that was taken back can be made again.</summary>
    public bool CanRedo => _redo.Count > 0;

    /// <summary>The name; empty while there is none.</summary>
    public string Name => Root.Text("name");

    /// <summary>The version, from 1.</summary>
    public int Version => Root["version"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : 1;

    /// <summary>A definition as the server gave it, without what is the server's own.</summary>
    public static WorkflowDocument Of(JsonObject definition)
    {
        var root = (JsonObject)definition.DeepClone();
        foreach (var name in ServersOwn)
            root.Remove(name);
        return new WorkflowDocument(Format(root), root);
    }

    /// <summary>A definition that says nothing yet.</summary>
    public static WorkflowDocument New(string name) => Of(new JsonObject
    {
        ["name"] = name,
        ["version"] = 1,
        ["tasks"] = new JsonArray(),
        ["inputParameters"] = new JsonArray(),
        ["outputParameters"] = new JsonObject(),
        ["schemaVersion"] = 2,
        ["timeoutPolicy"] = "ALERT_ONLY",
        ["timeoutSeconds"] = 0,
    });

    /// <summary>Takes what was typed. A text that cannot be read leaves the tree as it was.</summary>
    public void Type(string text)
    {
        if (text == Text)
            return;
        Remember();
        Read(text);
    }

    /// <summary>Changes the tree, and with it the text. Does nothing while the text cannot be read.</summary>
    public void Edit(Action<JsonObject> change)
    {
        if (Fault is not null)
            return;
        change(Root);
        var text = Format(Root);
        if (text == Text)
            return;
        Remember();
        Text = text;
    }

    /// <summary>Takes back the last change.</summary>
    public void Undo() => Step(_undo, _redo);

    /// <summary>Makes a change again that was taken back.</summary>
    public void Redo() => Step(_redo, _undo);

    /// <summary>JSON, indented for people; every letter that needs no escape stands for itself.</summary>
    public static string Format(JsonNode? node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            if (node is null)
                writer.WriteNullValue();
            else
                node.WriteTo(writer);
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Reads JSON; null and the reason when it is none.</summary>
    public static JsonNode? Parse(string text, out string? fault)
    {
        try
        {
            fault = null;
            return JsonNode.Parse(text, null, Strict);
        }
        catch (JsonException malformed)
        {
            fault = malformed.LineNumber is { } line ? $"Line {line + 1} cannot be read as JSON." : "This cannot be read as JSON.";
            return null;
        }
    }

    private void Read(string text)
    {
        Text = text;
        var node = Parse(text, out var fault);
        Fault = fault ?? (node is JsonObject ? null : "A definition is a JSON object.");
        if (node is JsonObject root)
            Root = root;
    }

    private void Remember()
    {
        if (_undo.Count == MostSteps)
            _undo.RemoveAt(0);
        _undo.Add(Text);
        _redo.Clear();
    }

    private void Step(List<string> from, List<string> to)
    {
        if (from.Count == 0)
            return;
        to.Add(Text);
        var text = from[^1];
        from.RemoveAt(from.Count - 1);
        Read(text);
    }
}
