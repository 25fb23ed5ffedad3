using Bunit;
using Countersign.Console.Editing;

namespace Countersign.Console.Tests.Editing;

public sealed class CodeEditorTests : ConsoleTest
{
    [Fact]
    public void Without_scripts_it_is_a_text_area_that_reports_what_is_typed()
    {
        var typed = "";
        var editor = Render<CodeEditor>(parameters => parameters
            .Add(p => p.Value, """{"a":1}""").Add(p => p.ValueChanged, value => typed = value).Add(p => p.Label, "Definition"));

        var area = editor.Find("textarea[aria-label='Definition']");
        Assert.Equal("""{"a":1}""", area.GetAttribute("value"));
        area.Input("""{"a":2}""");

        Assert.Equal("""{"a":2}""", typed);
    }

    [Fact]
    public void What_is_only_shown_cannot_be_typed_into()
    {
        var typed = "";
        var editor = Render<CodeEditor>(parameters => parameters
            .Add(p => p.Value, "x").Add(p => p.ReadOnly, true).Add(p => p.ValueChanged, value => typed = value));

        var area = editor.Find("textarea");
        area.Input("y");

        Assert.True(area.HasAttribute("readonly"));
        Assert.Equal("", typed);
    }

    [Fact]
    public void Another_value_from_outside_is_shown()
    {
        var editor = Render<CodeEditor>(parameters => parameters.Add(p => p.Value, "one"));

        editor.Render(parameters => parameters.Add(p => p.Value, "two"));

        Assert.Equal("two", editor.Find("textarea").GetAttribute("value"));
    }

    [Fact]
    public void Without_scripts_markers_are_a_list()
    {
        var editor = Render<CodeEditor>(parameters => parameters
            .Add(p => p.Value, "x").Add(p => p.Markers, [new CodeMarker(3, 1, 3, 4, "It must be a list.")]));

        Assert.Equal("Line 3: It must be a list.", editor.Find(".code-editor-markers li").TextContent);
    }

    [Fact]
    public async Task The_script_asks_for_completions_as_json()
    {
        var editor = Render<CodeEditor>(parameters => parameters.Add(p => p.Value, "x").Add(p => p.Completions,
            place => ValueTask.FromResult<IReadOnlyList<CodeCompletion>>([new CodeCompletion($"{place.Text}@{place.Offset}", 2, "object")])));

        Assert.Equal("""[{"insert":"${w@3","replaceLength":2,"detail":"object"}]""", await editor.Instance.CompleteAsync("${w", 3));
    }

    [Fact]
    public void A_difference_without_scripts_shows_both_texts()
    {
        var diff = Render<CodeDiff>(parameters => parameters.Add(p => p.Before, "old").Add(p => p.After, "new"));

        Assert.Equal(["old", "new"], diff.FindAll("pre").Select(text => text.TextContent));
    }
}
