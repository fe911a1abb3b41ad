using System.Net;
using System.Text.RegularExpressions;
using Impetus.Server.Tests.Support;

namespace Impetus.Server.Tests.Http;

/// <summary>The table of <c>docs/migrating-from-v1.md</c> tells what the server does.</summary>
public sealed partial class FormerRoutesTests
{
    public static TheoryData<string, string, string> Routes => [.. File.ReadLines(Path.Combine(Fixture.Repository, "docs", "migrating-from-v1.md"))
        .Select(line => Row().Match(line)).Where(match => match.Success)
        .Select(match => (match.Groups["method"].Value, match.Groups["path"].Value, match.Groups["now"].Value))];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_of_Impetus_1_answers_or_is_gone_as_the_page_says(string method, string path, string now)
    {
        await using var server = await RunningServer.InMemoryAsync();
        string asked = path.TrimEnd('…');
        using var response = await server.Client.SendAsync(new(new(method), asked == path ? path : $"{asked}/org/name"));
        if (now == "410")
        {
            var error = await response.ErrorAsync(HttpStatusCode.Gone, "gone");
            Assert.Contains("Impetus 1", error.Text("message"), StringComparison.Ordinal);
            return;
        }

        string address = now["as `".Length..^1];
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"<{address}>; rel=\"successor-version\"", response.Headers.GetValues("Link").Single());
        Assert.Equal(response.Content.Headers.ContentType, (await server.Client.GetAsync(address)).Content.Headers.ContentType);
    }

    [Fact]
    public void The_page_has_rows() => Assert.True(Routes.Count > 10);

    [Fact]
    public async Task Strangers_are_not_told_what_was_here()
    {
        await using var server = await RunningServer.InMemoryAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous().GetAsync("/api/hardware/info")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous().GetAsync("/api/models/list")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous().GetAsync("/api/health")).StatusCode);
    }

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<path>[^`]+)` \| (?<now>410|as `[^`]+`) \|")]
    private static partial Regex Row();
}
