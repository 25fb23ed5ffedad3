using System.Text.Json;
using Countersign.Console.Api;
using Countersign.Console.Users;

namespace Countersign.Console.Tests.Users;

public sealed class UserOperationsTests
{
    [Theory]
    [InlineData(null, null, "/api/v1/users?limit=50")]
    [InlineData("", "LOCKED_OUT", "/api/v1/users?search=status eq \"LOCKED_OUT\"&limit=50")]
    [InlineData("profile.city eq \"Ulm\"", null, "/api/v1/users?search=(profile.city eq \"Ulm\")&limit=50")]
    [InlineData("a eq \"1\" or b eq \"2\"", "ACTIVE", "/api/v1/users?search=(a eq \"1\" or b eq \"2\") and status eq \"ACTIVE\"&limit=50")]
    public void What_is_asked_for_becomes_a_search(string? text, string? status, string expected)
        => Assert.Equal(expected, Uri.UnescapeDataString(UserOperations.ListPath(text, status)));

    [Fact]
    public void Words_are_looked_for_in_names_email_and_login()
        => Assert.Equal(
            "/api/v1/users?search=(profile.firstName sw \"ines\" or profile.lastName sw \"ines\" or profile.email sw \"ines\" or profile.login sw \"ines\")&limit=50",
            Uri.UnescapeDataString(UserOperations.ListPath("ines", null)));

    [Fact]
    public void A_user_keeps_attributes_that_the_console_does_not_know()
    {
        var user = JsonSerializer.Deserialize("""{"id":"00u1","status":"ACTIVE","profile":{"login":"ines","department":"Sales"}}""", ApiJson.Default.User)!;

        Assert.Equal("Sales", user.Profile.Others!["department"].GetString());
        Assert.Empty(user.Links);
        Assert.Equal("ines", user.Name);
    }
}
