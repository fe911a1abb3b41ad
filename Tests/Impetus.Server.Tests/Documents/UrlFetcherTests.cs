using System.Net;
using System.Text;
using Impetus.Server.Documents.Fetching;
using Impetus.Server.Http;
using Impetus.Server.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Impetus.Server.Tests.Documents;

/// <summary>Fetching, from a web server on this machine that stands for one of the web: 127.0.0.1 counts as public here, 127.0.0.2 as private.</summary>
public sealed class UrlFetcherTests : IAsyncLifetime
{
    private const int MaxBytes = 100_000;

    private static readonly IPAddress Public = IPAddress.Parse("127.0.0.1"), Private = IPAddress.Parse("127.0.0.2");

    private readonly List<string> _asked = [];
    private WebApplication _web = null!;
    private int _port;
    private int _resolutions;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://0.0.0.0:0");
        _web = builder.Build();
        _web.Run(AnswerAsync);
        await _web.StartAsync();
        _port = new Uri(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task A_page_is_fetched_with_its_type_and_its_address_as_source()
    {
        var document = await FetchAsync("/notes/page.php?x=1");
        Assert.Equal("<p>Hello</p>", Encoding.UTF8.GetString(document.Bytes.Span));
        Assert.Equal(("page.php.html", "text/html; charset=utf-8", Url("/notes/page.php?x=1")), (document.Name, document.ContentType, document.Source));
    }

    [Fact]
    public async Task A_redirect_is_followed_and_its_start_stays_the_source()
    {
        var document = await FetchAsync("/to?/page");
        Assert.Equal(("page.html", Url("/to?/page")), (document.Name, document.Source));
    }

    [Fact]
    public async Task A_private_address_is_refused_before_anything_is_sent()
    {
        await RefusedAsync($"http://inside.test:{_port}/page", "address_refused");
        await RefusedAsync($"http://127.0.0.2:{_port}/page", "address_refused");
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_redirect_to_a_private_address_is_refused()
    {
        await RefusedAsync(Url($"/to?http://inside.test:{_port}/secret"), "address_refused");
        await RefusedAsync(Url($"/to?http://127.0.0.2:{_port}/secret"), "address_refused");
        Assert.DoesNotContain("/secret", _asked);
    }

    [Fact]
    public async Task A_name_that_turns_to_a_private_address_after_its_first_use_is_refused()
    {
        // The first resolution is public; the one for the redirect to the same name is not.
        await RefusedAsync($"http://turning.test:{_port}/to?http://turning.test:{_port}/secret", "address_refused");
        Assert.Equal(2, _resolutions);
        Assert.DoesNotContain("/secret", _asked);
    }

    [Fact]
    public async Task Of_a_name_with_both_kinds_of_addresses_only_the_public_one_is_asked()
    {
        using var fetcher = Fetcher();
        await fetcher.FetchAsync($"http://both.test:{_port}/where", CancellationToken.None);
        Assert.Equal(["/where"], _asked);
    }

    [Theory]
    [InlineData("/to?ftp://web.test/file")]
    [InlineData("/to?http://user:secret@web.test/page")]
    [InlineData("/loop")]
    [InlineData("/missing")]
    [InlineData("/broken")]
    public async Task What_cannot_be_fetched_says_so(string path) => await RefusedAsync(Url(path), "fetch_failed");

    [Theory]
    [InlineData("/large")]
    [InlineData("/bomb")]
    public async Task What_is_too_large_is_not_read_to_its_end(string path) => await RefusedAsync(Url(path), "too_large");

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        using var fetcher = new UrlFetcher(ResolveAsync, address => address.Equals(Public), TimeSpan.FromMilliseconds(200), MaxBytes);
        var fault = await Assert.ThrowsAsync<ApiException>(() => fetcher.FetchAsync(Url("/never"), CancellationToken.None));
        Assert.Equal("fetch_failed", fault.Code);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://web.test/")]
    [InlineData("http://user:secret@web.test/")]
    [InlineData("page.html")]
    public async Task What_is_no_address_of_the_web_is_refused(string url) => await RefusedAsync(url, "invalid_value");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2001:0:7f00:1::1")]
    public void Special_addresses_are_not_public(string address) => Assert.False(PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    public void Addresses_of_the_internet_are_public(string address) => Assert.True(PublicAddress.Is(IPAddress.Parse(address)));

    [Fact]
    public async Task Over_http_it_is_off_unless_it_is_switched_on_and_never_leads_to_this_machine()
    {
        await using var closed = await RunningServer.InMemoryAsync();
        string body = $$"""{"url": "http://localhost:{{_port}}/page"}""";
        var off = await (await closed.Client.PostJsonAsync("/v1/documents", body)).ErrorAsync(HttpStatusCode.BadRequest, "unsupported_parameter");
        Assert.Equal("url", off.Text("param"));
        await using var open = await RunningServer.InMemoryAsync(settings => settings with { FetchesUrls = true });
        foreach (string host in new[] { "localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1" })
        {
            var refused = await (await open.Client.PostJsonAsync("/v1/documents", $$"""{"url": "http://{{host}}:{{_port}}/page"}""")).ErrorAsync(HttpStatusCode.BadRequest, "address_refused");
            Assert.Equal("url", refused.Text("param"));
        }

        await (await open.Client.PostJsonAsync("/v1/documents", """{"url": "http://web.test/", "text": "both"}""")).ErrorAsync(HttpStatusCode.BadRequest, "invalid_value");
        await (await open.Client.PostJsonAsync("/v1/documents", "{}")).ErrorAsync(HttpStatusCode.BadRequest, "missing_required_parameter");
        Assert.Empty(_asked);
    }

    private string Url(string path) => $"http://web.test:{_port}{path}";

    private UrlFetcher Fetcher() => new(ResolveAsync, address => address.Equals(Public), TimeSpan.FromSeconds(60), MaxBytes);

    private async Task<Impetus.Retrieval.Indexing.NewDocument> FetchAsync(string path)
    {
        using var fetcher = Fetcher();
        return await fetcher.FetchAsync(Url(path), CancellationToken.None);
    }

    private async Task RefusedAsync(string url, string code)
    {
        using var fetcher = Fetcher();
        Assert.Equal(code, (await Assert.ThrowsAsync<ApiException>(() => fetcher.FetchAsync(url, CancellationToken.None))).Code);
    }

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel) => Task.FromResult<IPAddress[]>(host switch
    {
        "web.test" => [Public],
        "both.test" => [Private, Public],
        "turning.test" => Interlocked.Increment(ref _resolutions) == 1 ? [Public] : [Private],
        _ => [Private],
    });

    private async Task AnswerAsync(HttpContext context)
    {
        lock (_asked)
            _asked.Add(context.Request.Path);
        var response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/to":
                response.StatusCode = 302;
                response.Headers.Location = context.Request.QueryString.Value![1..];
                break;
            case "/loop":
                response.Redirect("/loop");
                break;
            case "/missing":
                response.StatusCode = 404;
                break;
            case "/broken":
                response.ContentLength = 1000;
                await response.Body.WriteAsync(new byte[10]);
                context.Abort();
                break;
            case "/never":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "/large":
                while (!context.RequestAborted.IsCancellationRequested)
                    await response.Body.WriteAsync(new byte[10_000]);
                break;
            case "/bomb":
                response.Headers.ContentEncoding = "gzip";
                await using (var gzip = new System.IO.Compression.GZipStream(response.Body, System.IO.Compression.CompressionLevel.SmallestSize))
                    await gzip.WriteAsync(new byte[10 * MaxBytes]);
                break;
            default:
                response.ContentType = "text/html; charset=utf-8";
                await response.WriteAsync("<p>Hello</p>");
                break;
        }
    }
}
