using MudBlazor;

namespace Countersign.Console.Shell;

/// <summary>A line of text in a form: outlined, and known to the form while it is being typed.</summary>
public sealed class TextField : MudTextField<string>
{
    /// <summary>An empty field.</summary>
    public TextField() => (Variant, Immediate) = (Variant.Outlined, true);
}
