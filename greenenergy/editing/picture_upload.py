"""The upload of a picture from the editor, in the protocol of CKEditor 4."""

import logging

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from greenenergy.media.errors import StorageFull
from greenenergy.media.stored_pictures import store_picture

from .permissions import may_upload_pictures

log = logging.getLogger(__name__)


@require_POST
@csrf_protect
def upload(request: HttpRequest) -> JsonResponse:
    """Store one picture for a body. Answers in the form that CKEditor expects, errors included."""
    if not request.user.is_authenticated:
        return _refusal(_("登录已过期。请在新标签页里重新登录，再回到这里上传。"), status=403)
    if not may_upload_pictures(request.user):
        return _refusal(_("没有上传图片的权限，请联系管理员。"), status=403)
    file = request.FILES.get("upload")
    if file is None:
        return _refusal(_("没有收到图片，请再试一次。"), status=400)
    try:
        picture = store_picture(file)
    except ValidationError as error:
        return _refusal(" ".join(error.messages), status=200)  # in CKEditor's protocol no HTTP error
    except StorageFull:
        log.exception("A picture could not be stored.")
        return _refusal(_("没有存下：网站的硬盘满了，或者不能写。请告诉管理员。"), status=507)
    return JsonResponse(
        {
            "uploaded": 1,
            "fileName": file.name,
            "url": picture.url,
            "width": picture.width,
            "height": picture.height,
        }
    )


def _refusal(text: str, *, status: int) -> JsonResponse:
    return JsonResponse({"uploaded": 0, "error": {"message": text}}, status=status)
