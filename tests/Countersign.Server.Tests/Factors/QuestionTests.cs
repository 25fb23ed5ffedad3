using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

public sealed class QuestionTests
{
    [Fact]
    public async Task An_enrolled_question_is_active_and_shows_no_answer()
    {
        await using var app = new CountersignApp();

        var enrolled = await app.EnrollQuestionAsync();

        Assert.Equal("ACTIVE", (string?)enrolled.Json["status"]);
        Assert.Equal("What was the first computer game you played?", (string?)enrolled.Json["profile"]!["questionText"]);
        Assert.Equal(["questions", "self", "user"], enrolled.Json["_links"]!.AsObject().Select(link => link.Key));
        Assert.DoesNotContain("lemmings", enrolled.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lemmings", true)]
    [InlineData("  LEMMINGS ", true)]
    [InlineData("lemming", false)]
    public async Task Answers_are_compared_without_regard_to_case_and_outer_blanks(string answer, bool right)
    {
        await using var app = new CountersignApp();
        var question = (await app.EnrollQuestionAsync()).Id;

        var verified = await app.AnswerAsync(question, answer);

        Assert.Equal(right ? HttpStatusCode.OK : HttpStatusCode.Forbidden, verified.Status);
        if (!right) Assert.Equal("Your answer doesn't match our records. Please try again.", verified.Cause);
    }

    [Fact]
    public async Task A_changed_question_takes_the_new_answer_only()
    {
        await using var app = new CountersignApp();
        var enrolled = await app.EnrollQuestionAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(2));

        var changed = await app.PutAsync($"{FactorClient.Factors}/{enrolled.Id}",
            new JsonObject { ["profile"] = new JsonObject { ["question"] = "first_award", ["answer"] = "swimming" } });

        Assert.NotEqual((string?)enrolled.Json["lastUpdated"], (string?)changed.Json["lastUpdated"]);
        Assert.Equal("E0000068", (await app.AnswerAsync(enrolled.Id, "lemmings")).ErrorCode);
        Assert.Equal("SUCCESS", (await app.AnswerAsync(enrolled.Id, "swimming")).FactorResult);
    }

    [Theory]
    [InlineData("no_such_question", "lemmings", "Invalid Profile.")]
    [InlineData("first_computer_game", "abc", "The security question answer must be at least 4 characters in length")]
    [InlineData("first_computer_game", "   ab   ", "The security question answer must be at least 4 characters in length")]
    public async Task A_question_or_answer_that_will_not_do_is_refused(string question, string answer, string cause)
    {
        await using var app = new CountersignApp();

        var refused = await app.EnrollQuestionAsync(answer, question);

        Assert.Equal(("E0000001", cause), (refused.ErrorCode, refused.Cause));
    }

    [Fact]
    public async Task The_questions_are_listed_in_the_contracts_order()
    {
        await using var app = new CountersignApp();

        var listed = (await app.GetAsync($"{FactorClient.Factors}/questions")).Json.AsArray();

        Assert.Equal(19, listed.Count);
        Assert.Equal("disliked_food", (string?)listed[0]!["question"]);
        Assert.DoesNotContain(listed, question => (string?)question!["question"] == "first_kiss_location");
    }
}
