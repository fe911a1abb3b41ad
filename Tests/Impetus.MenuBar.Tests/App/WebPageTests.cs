using System.Net;
using Impetus.MenuBar.App;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Impetus.MenuBar.Tests.App;

/// <summary>Pages from a real server on this machine.</summary>
public sealed class WebPageTests : IAsyncLifetime
{
    private WebApplication _site = null!;
    private Uri _root = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        _site = builder.Build();
        _site.UseRouting();
        Page("/notes.md", context => Say(context, "text/markdown", "# Notes"));
        Page("/", context => Say(context, "text/html", "<p>Hello</p>"));
        Page("/plain", context => Say(context, "text/plain", "plain"));
        Page("/moved", context =>
        {
            context.Response.Redirect("/notes.md");
            return Task.CompletedTask;
        });
        Page("/round", context =>
        {
            context.Response.Redirect("/round");
            return Task.CompletedTask;
        });
        Page("/large", async context =>
        {
            for (int i = 0; i < 64; i++)
                await context.Response.Body.WriteAsync(new byte[1024]);
        });
        await _site.StartAsync();
        _root = new Uri(_site.Urls.First());
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Theory]
    [InlineData("notes.md", "notes.md", "text/markdown")]
    [InlineData("moved", "page.html", "text/markdown")]
    [InlineData("", "page.html", "text/html")]
    [InlineData("plain", "page.txt", "text/plain")]
    public async Task A_page_becomes_a_document_under_its_address(string path, string name, string type)
    {
        using var web = new WebPage(allowThisMachine: true);
        var document = await web.FetchAsync(new Uri(_root, path), TestContext.Current.CancellationToken);
        Assert.Equal((name, type, new Uri(_root, path).AbsoluteUri), (document.Name, document.ContentType, document.Source));
        Assert.False(document.Bytes.IsEmpty);
    }

    [Theory]
    [InlineData("missing", "404")]
    [InlineData("round", "302")]
    public async Task What_cannot_be_had_is_said(string path, string said)
    {
        using var web = new WebPage(allowThisMachine: true);
        var fault = await Assert.ThrowsAsync<IOException>(() => web.FetchAsync(new Uri(_root, path), TestContext.Current.CancellationToken));
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_never_ends_is_given_up_at_the_limit()
    {
        using var web = new WebPage(allowThisMachine: true, mostBytes: 16 << 10);
        var fault = await Assert.ThrowsAsync<IOException>(() => web.FetchAsync(new Uri(_root, "large"), TestContext.Current.CancellationToken));
        Assert.Contains("larger than", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    public async Task This_machine_itself_is_no_page(string host)
    {
        using var web = new WebPage();
        var fault = await Assert.ThrowsAsync<IOException>(() => web.FetchAsync(new Uri($"http://{host}:{_root.Port}/notes.md"), TestContext.Current.CancellationToken));
        Assert.Contains("this machine itself", fault.Message, StringComparison.Ordinal);
    }

    private void Page(string path, RequestDelegate handler) => _site.MapGet(path, handler);

    private static Task Say(HttpContext context, string type, string text)
    {
        context.Response.StatusCode = (int)HttpStatusCode.OK;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }
}
