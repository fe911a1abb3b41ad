using System.Runtime.CompilerServices;
using AngleSharp.Dom;

namespace Impetus.Retrieval.Reading.Web;

/// <summary>
/// What of a page is furniture: navigation, banners, cookie questions, sidebars, footers. Told by element and role first, by the words of class and
/// id second, by the share of text that is links last.
/// </summary>
internal static class Boilerplate
{
    private static readonly HashSet<string> Roles = new(StringComparer.OrdinalIgnoreCase)
        { "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar" };

    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "cookie", "cookies", "consent", "gdpr", "newsletter", "subscribe", "subscription", "share", "sharing", "social", "breadcrumb", "breadcrumbs",
        "sidebar", "advert", "advertisement", "ads", "ad", "promo", "sponsored", "related", "menu", "nav", "navbar", "navigation", "topbar", "masthead",
        "popup", "modal", "pagination", "pager", "toc", "skip", "footer", "comments", "login", "signup",
    };

    /// <summary>The element that holds the page's own text: the only main or article, else the body.</summary>
    public static IElement MainOf(IElement body)
    {
        IElement? main = Only(body, "main") ?? Only(body, "[role=main]") ?? Only(body, "article");
        return main is not null && Prose.HasWords(main.TextContent) ? main : body;
    }

    /// <summary>A test for elements of this page; it lets everything pass where nothing would be left otherwise.</summary>
    public static Func<IElement, bool> In(IElement body)
    {
        IElement main = MainOf(body);
        return Length(main, IsFurniture) > 0 ? IsFurniture : _ => false;
    }

    private static bool IsFurniture(IElement element)
    {
        switch (element.LocalName)
        {
            case "nav" or "aside" or "dialog":
                return true;
            case "header" or "footer":
                // An article's own header has its title and date; a page's header has the site's name and its menus.
                return element.Closest("article, main, [role=main]") is null;
            case "body" or "main" or "article" or "html" or "table" or "tbody" or "tr" or "td" or "p" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                return false;
        }
        if (element.GetAttribute("role") is { } role && Roles.Contains(role))
            return true;
        if (NamesOf(element).Any(Words.Contains) && element.QuerySelector("main, article, h1") is null)
            return true;
        return element.LocalName is "ul" or "ol" or "div" or "section" && IsLinkList(element);
    }

    private static string[] NamesOf(IElement element) =>
        $"{element.ClassName} {element.Id}".Split([' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsLinkList(IElement element)
    {
        int links = 0, linked = 0;
        foreach (IElement link in element.QuerySelectorAll("a[href]"))
        {
            links++;
            linked += Count(link.TextContent);
        }
        int all = Count(element.TextContent);
        return links >= 4 && all / links < 30 && linked > 0.8 * all;
    }

    private static IElement? Only(IElement body, string selector)
    {
        IHtmlCollection<IElement> found = body.QuerySelectorAll(selector);
        return found.Length == 1 ? found[0] : null;
    }

    private static int Length(IElement element, Func<IElement, bool> skip)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int length = 0;
        foreach (INode child in element.ChildNodes)
            if (child is IText text)
                length += Count(text.Data);
            else if (child is IElement inner && !HtmlWalker.IsUnseen(inner) && !skip(inner))
                length += Length(inner, skip);
        return length;
    }

    private static int Count(string text) => text.Count(c => !char.IsWhiteSpace(c));
}
